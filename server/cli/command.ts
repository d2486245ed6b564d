import type { RestClient } from "./open-rest-client";
import type { Terminal } from "./terminal";

export interface CommandContext {
  terminal: Terminal;
  client: RestClient;
}

/** One command: what `help` says of it, and what it does. */
export interface Command {
  name: string;
  summary: string;
  /** Lines of help below the summary; the first ones show the call. */
  help: string;
  /** @returns the exit code. */
  carryOut(context: CommandContext, args: string[]): Promise<number>;
}
