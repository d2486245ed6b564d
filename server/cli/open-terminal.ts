import { once } from "node:events";
import { createInterface } from "node:readline/promises";
import { text } from "node:stream/consumers";
import { followPollMs } from "./follow-run";
import type { Terminal } from "./terminal";

/** The process's own streams. A reader that goes away (`… | head`) ends the program in silence. */
export function openTerminal(): Terminal {
  const { stdout, stderr, stdin, env } = process;
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
  return {
    async write(output) {
      if (!stdout.write(output)) await once(stdout, "drain");
    },
    complain: (line) => void stderr.write(`${line}\n`),
    readInput: () => text(stdin),
    async confirm(question) {
      if (!stdin.isTTY || !stdout.isTTY) return null;
      const asker = createInterface({ input: stdin, output: stdout });
      asker.once("SIGINT", () => process.exit(130));
      try {
        return /^y(es)?$/i.test((await asker.question(`${question} [y/N] `)).trim());
      } catch (error) {
        // The end of the input is an answer, too.
        if (error instanceof Error && "code" in error && error.code === "ABORT_ERR") return false;
        throw error;
      } finally {
        asker.close();
      }
    },
    environment: env,
    folder: process.cwd(),
    hasColours: Boolean(stdout.isTTY) && !env.NO_COLOR && env.TERM !== "dumb",
    columns: stdout.columns ?? 120,
    pollMs: followPollMs,
  };
}
