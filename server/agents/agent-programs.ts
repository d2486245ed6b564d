import type { AgentKind } from "@/server/domain/workflow";
import { acpAgents } from "./acp-agents";

/** A program that Coppice knows and looks for on every host. */
export interface AgentProgram {
  kind: AgentKind;
  /** What it is called on PATH. */
  name: string;
  label: string;
  /** Names another place than PATH. */
  variable: string;
  howToInstall: string;
  /** Null where there is nothing to sign in to. */
  howToSignIn: string | null;
  /** For a workflow of an ACP agent; null for the others, which need none. */
  command: string | null;
  /** Any of these in the worker's environment is a sign-in too. */
  keys: string[];
  /** The oldest version whose language the driver was tried with; left out where it is old. */
  oldest?: string;
}

const installed = (packageName: string, variable: string) =>
  `Run “npm install -g ${packageName}” on the worker's host, or set ${variable}.`;

export const agentPrograms: readonly AgentProgram[] = [
  {
    kind: "shell",
    name: "bash",
    label: "Shell command",
    variable: "COPPICE_BASH_PATH",
    howToInstall: "Install bash on the worker's host.",
    howToSignIn: null,
    command: null,
    keys: [],
  },
  {
    kind: "claude-code",
    name: "claude",
    label: "Claude Code",
    variable: "COPPICE_CLAUDE_PATH",
    howToInstall: installed("@anthropic-ai/claude-code", "COPPICE_CLAUDE_PATH"),
    howToSignIn: "claude /login",
    command: null,
    keys: [
      ...["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN"],
      ...["CLAUDE_CODE_USE_BEDROCK", "CLAUDE_CODE_USE_VERTEX"],
    ],
  },
  {
    kind: "codex",
    name: "codex",
    label: "Codex",
    variable: "COPPICE_CODEX_PATH",
    howToInstall: installed("@openai/codex", "COPPICE_CODEX_PATH"),
    howToSignIn: "codex login",
    command: null,
    keys: ["CODEX_API_KEY", "OPENAI_API_KEY"],
    oldest: "0.169.0",
  },
  ...acpAgents.map(({ program, name, packageName, howToSignIn, keys, command }) => {
    const variable = `COPPICE_${program.toUpperCase()}_PATH`;
    const howToInstall = installed(packageName, variable);
    return {
      kind: "acp" as const,
      ...{ name: program, label: name, variable, howToInstall, howToSignIn, command, keys },
    };
  }),
];

/** The program of a kind of agent; null for ACP agents, whose workflows name it. */
export function programOf(kind: AgentKind): AgentProgram | null {
  if (kind === "acp") return null;
  return agentPrograms.find((program) => program.kind === kind) ?? null;
}
