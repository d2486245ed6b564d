import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { SignInSight } from "@/server/domain/worker";
import type { AgentProgram } from "./agent-programs";
import { hasCode } from "./has-code";
import { asFields, asText, type Fields, parseFields } from "./json-fields";

/**
 * Whether the worker's account is signed in to an agent's provider, as far as files and variables tell:
 * nothing is asked of anybody, and no key or token leaves this function.
 */
export function findSignIn(
  { name, keys, howToSignIn }: AgentProgram,
  environment: NodeJS.ProcessEnv,
): SignInSight {
  if (howToSignIn === null) return { state: "not_needed", where: null };
  const key = keys.find((variable) => environment[variable]);
  if (key) return { state: "key", where: key };
  const file = files[name];
  if (!file) return { state: "unknown", where: null };
  const path = file.path(environment.HOME ?? homedir(), environment);
  const fields = readFields(path);
  return fields !== null && file.holdsLogin(fields)
    ? { state: "login", where: path }
    : { state: "none", where: path };
}

interface LoginFile {
  path(home: string, environment: NodeJS.ProcessEnv): string;
  holdsLogin(fields: Fields): boolean;
}

const isSet = (value: unknown) => (asText(value) ?? "") !== "";

const files: Record<string, LoginFile> = {
  claude: {
    path: (home) => join(home, ".claude", ".credentials.json"),
    holdsLogin: ({ claudeAiOauth }) => isSet(asFields(claudeAiOauth)?.refreshToken),
  },
  codex: {
    path: (home, { CODEX_HOME }) => join(CODEX_HOME || join(home, ".codex"), "auth.json"),
    holdsLogin: ({ tokens, OPENAI_API_KEY }) =>
      isSet(OPENAI_API_KEY) || isSet(asFields(tokens)?.refresh_token),
  },
  gemini: {
    path: (home) => join(home, ".gemini", "oauth_creds.json"),
    holdsLogin: ({ refresh_token }) => isSet(refresh_token),
  },
  opencode: {
    path: (home) => join(home, ".local", "share", "opencode", "auth.json"),
    holdsLogin: (providers) => Object.keys(providers).length > 0,
  },
};

function readFields(path: string): Fields | null {
  try {
    return parseFields(readFileSync(path, "utf8"));
  } catch (error) {
    if (hasCode(error, "ENOENT", "EACCES", "ENOTDIR")) return null;
    throw error;
  }
}
