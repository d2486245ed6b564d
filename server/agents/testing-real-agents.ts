import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { RealAgent } from "./testing-real";

const main = resolve("e2e/agents/node_modules/.bin");
const more = resolve("e2e/agents-more/node_modules/.bin");

const key = "not-a-real-key";

export const realClaude: RealAgent = {
  kind: "claude-code",
  program: join(main, "claude"),
  command: null,
  worker: (modelUrl) => ({
    ANTHROPIC_BASE_URL: modelUrl,
    ANTHROPIC_API_KEY: key,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
  }),
  extra: { CLAUDE_CODE_MAX_RETRIES: "1" },
  context: { allowedTools: ["Bash"] },
};

export const realCodex: RealAgent = {
  kind: "codex",
  program: join(main, "codex"),
  command: null,
  worker: (modelUrl, home) => {
    const settings = join(home, "codex.toml");
    writeFileSync(settings, codexSettings(modelUrl));
    return { COPPICE_CODEX_CONFIG: settings, OPENAI_API_KEY: key };
  },
};

/** Settings that keep Codex on this machine: its only provider is the scripted model. */
export function codexSettings(modelUrl: string): string {
  return [
    'model = "gpt-5.5-codex"',
    'model_provider = "scripted"',
    "[model_providers.scripted]",
    'name = "scripted"',
    `base_url = "${modelUrl}/v1"`,
    'wire_api = "responses"',
    'env_key = "OPENAI_API_KEY"',
    "request_max_retries = 1",
    "stream_max_retries = 1",
    "",
  ].join("\n");
}

export const realGemini: RealAgent = {
  kind: "acp",
  program: join(more, "gemini"),
  // A model of its own choice would be asked which model to choose.
  command: "gemini --acp --skip-trust -m gemini-3.1-pro-preview",
  worker: (modelUrl) => ({ GOOGLE_GEMINI_BASE_URL: modelUrl, GEMINI_API_KEY: key }),
};

export const realOpencode: RealAgent = {
  kind: "acp",
  program: join(more, "opencode"),
  command: "opencode acp",
  worker: (modelUrl) => ({
    OPENCODE_DISABLE_MODELS_FETCH: "1",
    OPENCODE_DISABLE_LSP_DOWNLOAD: "1",
    OPENCODE_CONFIG_CONTENT: JSON.stringify({
      share: "disabled",
      autoupdate: false,
      model: "anthropic/claude-sonnet-4-5",
      small_model: "anthropic/claude-sonnet-4-5",
      provider: { anthropic: { options: { baseURL: `${modelUrl}/v1`, apiKey: key } } },
    }),
  }),
};

/** The message is the command. */
export const realShell: RealAgent = {
  kind: "shell",
  program: "/bin/bash",
  command: 'eval "$COPPICE_MESSAGE"',
  worker: () => ({}),
};
