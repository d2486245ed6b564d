import { basename } from "node:path";
import { splitCommand } from "@/server/domain/split-command";

/** What is known, by trial, of one agent that speaks the Agent Client Protocol. */
export interface AcpAgent {
  /** How people call it. */
  name: string;
  /** What its program is called on PATH. */
  program: string;
  /** The program line for a workflow. */
  command: string;
  /** On npm. */
  packageName: string;
  howToSignIn: string;
  /** The variables of the worker's that it needs: its provider's keys and settings. */
  variables: RegExp;
  /** One of these holds a key, so that no login is needed. */
  keys: string[];
  /** Set for every run. */
  fixedVariables: Record<string, string>;
  /** Has it ask before it edits a file or runs a command, where it would not by itself. */
  askingVariables: Record<string, string>;
  /** It can go on with a conversation of an earlier process. Undefined: what it says itself counts. */
  canResume?: boolean;
  /** A message reaches the model within the prompt that goes on. */
  joinsPrompts: boolean;
  /** The tokens it tells are those of its last request, not of the whole prompt. */
  tellsLastRequestOnly: boolean;
}

export const acpAgents: readonly AcpAgent[] = [
  {
    name: "Gemini CLI",
    program: "gemini",
    command: "gemini --acp --skip-trust",
    packageName: "@google/gemini-cli",
    howToSignIn: "gemini",
    variables:
      /^(GEMINI_\w+|GOOGLE_(API_KEY|GEMINI_BASE_URL|VERTEX_BASE_URL|GENAI_USE_\w+|CLOUD_(PROJECT|LOCATION)))$/,
    keys: ["GEMINI_API_KEY", "GOOGLE_API_KEY"],
    // It would start itself once more, and that process outlives a signal to the first.
    fixedVariables: { GEMINI_CLI_NO_RELAUNCH: "true" },
    askingVariables: {},
    // Its session/load loses the conversation, and with --acp its --resume is passed over.
    canResume: false,
    joinsPrompts: false,
    tellsLastRequestOnly: false,
  },
  {
    name: "opencode",
    program: "opencode",
    command: "opencode acp",
    packageName: "opencode-ai",
    howToSignIn: "opencode auth login",
    variables:
      /^(OPENCODE_(API_KEY|CONFIG_CONTENT|MODELS_URL|(DISABLE|ENABLE|EXPERIMENTAL)_\w+)|(ANTHROPIC|OPENAI|OPENROUTER|GEMINI|GROQ|MISTRAL|DEEPSEEK|XAI)_(API_KEY|BASE_URL)|GOOGLE_GENERATIVE_AI_API_KEY)$/,
    keys: [
      ...["OPENCODE_API_KEY", "ANTHROPIC_API_KEY", "OPENAI_API_KEY", "OPENROUTER_API_KEY"],
      ...["GEMINI_API_KEY", "GOOGLE_GENERATIVE_AI_API_KEY"],
    ],
    fixedVariables: { OPENCODE_DISABLE_AUTOUPDATE: "1" },
    askingVariables: {
      OPENCODE_PERMISSION: JSON.stringify({ edit: "ask", bash: "ask", webfetch: "ask" }),
    },
    canResume: true,
    joinsPrompts: true,
    tellsLastRequestOnly: true,
  },
];

/** What is known of the agent that a workflow's program line starts; null for any other. */
export function findAcpAgent(command: string | null): AcpAgent | null {
  if (command === null) return null;
  const program = basename(splitCommand(command)[0] ?? "");
  return acpAgents.find((agent) => agent.program === program) ?? null;
}

/** Unless it is known not to; one that Coppice does not know says it in its greeting. */
export function mayResumeAcp(command: string | null): boolean {
  return findAcpAgent(command)?.canResume !== false;
}
