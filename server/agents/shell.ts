import { unknownUsage } from "@/server/domain/usage";
import type { AgentDriver, Conclusion, DriverContext, Exit, Step } from "./driver";

export type ShellState = Record<string, never>;

/** A command for `bash -c`: the message reaches it by COPPICE_MESSAGE, its exit is its verdict. */
export const shell: AgentDriver<ShellState> = {
  kind: "shell",
  version: 1,
  reads: "raw",
  launch: ({ program, command }) => ({ argv: [program, "-c", command ?? ""], environment: {} }),
  begin,
  readLine: (state) => nothingFollows(state),
  receive: (state) => nothingFollows(state),
  conclude: (_state, exit) => conclude(exit),
};

function begin({ prompt }: DriverContext): Step<ShellState> {
  return { ...nothingFollows({}), entries: [{ kind: "message", text: prompt }] };
}

/** A command takes no messages and says nothing that must be understood. */
function nothingFollows(state: ShellState): Step<ShellState> {
  return { state, entries: [], replies: [], isInputOver: true, isTerminal: false };
}

function conclude(exit: Exit): Conclusion {
  const lastLine =
    exit.tail
      .split("\n")
      .map((line) => line.trim())
      .filter(Boolean)
      .at(-1) ?? null;
  const rest = { usage: unknownUsage, sessionCostUsdAfter: null };
  if (exit.code === 0) return { reason: "completed", result: lastLine, error: null, ...rest };
  return { reason: "command_failed", result: null, error: explain(exit, lastLine), ...rest };
}

function explain(exit: Exit, lastLine: string | null): string {
  const end = describeEnd(exit);
  return lastLine ? `${end} Its last line: ${lastLine}` : end;
}

function describeEnd({ code, signal }: Exit): string {
  if (signal === "SIGKILL") return "The command was killed (SIGKILL), perhaps for want of memory.";
  if (signal) return `The command was ended by ${signal}.`;
  if (code === null) return "The command ended, and its exit status is not known.";
  if (code === 127) return "The command ended with exit code 127: a command was not found.";
  if (code === 126) return "The command ended with exit code 126: a file could not be executed.";
  return `The command ended with exit code ${code}.`;
}
