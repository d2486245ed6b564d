import type { Usage } from "@/server/domain/usage";
import type { RealAgent } from "./testing-real";
import { realClaude, realCodex, realGemini, realOpencode, realShell } from "./testing-real-agents";

/** What every agent should do, row by row. */
export const rows = [
  "start",
  "ids",
  "tool call",
  "resume in a recreated workspace",
  "steer",
  "interrupt",
  "permission allowed",
  "permission denied",
  "model error",
  "limit",
  "kill without survivors",
] as const;
export type Row = (typeof rows)[number];

type Step = Record<string, unknown>;

/** One agent's column: how it is made to do what the row wants. */
export interface Column {
  label: string;
  /** On npm; null for what a host has anyhow. */
  packageName: string | null;
  agent: RealAgent;
  /** The model has it run a command. */
  shell(command: string): Step;
  /** The model has it write a file. */
  write(path: string, content: string): Step;
  /** The name under which a workflow allows its writing tool. */
  writeTool: string;
  /** The header of its requests that names its conversation. */
  sessionHeader: string | null;
  /** What it tells of three requests of the scripted model. */
  usage: Partial<Usage>;
  /** What it says last when a tool was refused; null: the refusal ends its turn. */
  wordsAfterDenial: string | null;
  /** Rows that it does not offer, with the evidence. */
  notOffered: Partial<Record<Row, string>>;
}

const command = (tool: string) => (text: string) => ({
  tool,
  input: { command: text, description: "x" },
});

const wholeUsage = { inputTokens: 300, outputTokens: 60, turns: 3 };

export const claude: Column = {
  label: "Claude Code",
  packageName: "@anthropic-ai/claude-code",
  agent: realClaude,
  shell: command("Bash"),
  write: (file_path, content) => ({ tool: "Write", input: { file_path, content } }),
  writeTool: "Write",
  sessionHeader: "x-claude-code-session-id",
  usage: wholeUsage,
  wordsAfterDenial: "without it",
  notOffered: {},
};

export const codex: Column = {
  label: "Codex",
  packageName: "@openai/codex",
  agent: realCodex,
  shell: (cmd) => ({ tool: "exec_command", input: { cmd } }),
  write: (path, content) => ({
    tool: "apply_patch",
    input: `*** Begin Patch\n*** Add File: ${path}\n+${content}\n*** End Patch`,
  }),
  writeTool: "apply_patch",
  sessionHeader: "session-id",
  usage: wholeUsage,
  wordsAfterDenial: "without it",
  notOffered: {},
};

export const gemini: Column = {
  label: "Gemini CLI",
  packageName: "@google/gemini-cli",
  agent: realGemini,
  shell: command("run_shell_command"),
  write: (file_path, content) => ({ tool: "write_file", input: { file_path, content } }),
  writeTool: "write_file",
  sessionHeader: null,
  usage: { ...wholeUsage, turns: null },
  wordsAfterDenial: "without it",
  notOffered: {
    "resume in a recreated workspace":
      "`session/load` of 0.61.0 loses the conversation (gemini-cli#28775), and `--resume` beside `--acp` is passed over: asked so, it gave a new session id and the model saw nothing of the first run. Coppice begins a new conversation and says so.",
    limit:
      "The protocol counts no turns, and Gemini CLI sends no cost: its `usage_update` and the reply's `usage` are missing. The run says that the limit is not watched; a time limit holds.",
  },
};

export const opencode: Column = {
  label: "opencode",
  packageName: "opencode-ai",
  agent: realOpencode,
  shell: command("bash"),
  write: (filePath, content) => ({ tool: "write", input: { filePath, content } }),
  writeTool: "write",
  sessionHeader: null,
  usage: { inputTokens: null, outputTokens: null, turns: null },
  wordsAfterDenial: null,
  notOffered: {
    limit:
      "The protocol counts no turns. The cost comes with the end of a prompt (`usage_update` right before the reply), so it stops the next prompt, not this one. The run says so; a time limit holds.",
  },
};

const ofCommand = "A command is no conversation: ";

export const shell: Column = {
  label: "Shell",
  packageName: null,
  agent: realShell,
  shell: () => ({}),
  write: () => ({}),
  writeTool: "",
  sessionHeader: null,
  usage: { turns: null },
  wordsAfterDenial: null,
  notOffered: {
    "tool call": `${ofCommand}nothing of its output is read.`,
    "resume in a recreated workspace": `${ofCommand}each run begins it anew, in the same workspace.`,
    steer: `${ofCommand}its stdin is closed from the start (docs/architecture.md).`,
    interrupt: `${ofCommand}it is cancelled with its run.`,
    "permission allowed": `${ofCommand}it asks nobody. A workflow may put it in the sandbox.`,
    "permission denied": `${ofCommand}it asks nobody. A workflow may put it in the sandbox.`,
    limit: `${ofCommand}it has no turns. A time limit holds.`,
  },
};

export const columns: readonly Column[] = [claude, codex, gemini, opencode, shell];
