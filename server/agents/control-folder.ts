import { join } from "node:path";

/**
 * The control folder of an attempt: a function of its run and number, so that it is known, and
 * committed, before it exists.
 */
export function controlPath(home: string, runId: string, attemptNumber: number): string {
  return join(home, "attempts", runId, String(attemptNumber));
}

/** The files in a control folder. Their form is part of the contract with running keepers. */
export const controlFiles = {
  keeper: "keeper",
  agent: "agent",
  commands: "commands",
  go: "go",
  output: "output",
  stderr: "stderr",
  stdin: "stdin",
  stdinEof: "stdin.eof",
  beat: "beat",
  exit: "exit",
  temporary: "tmp",
} as const;
