// The supervisor's entry: `node dist/supervisor.mjs [web|worker] [--dev]`.
import path from "node:path";
import { DomainError } from "@/server/domain/errors";
import { readSettings } from "./read-settings";
import { supervise } from "./supervise";

const stopping = new AbortController();
let askedAt = 0;

// One Ctrl-C arrives twice: from the terminal, and from npm, which hands it on.
const echoMilliseconds = 500;

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    if (!stopping.signal.aborted) {
      askedAt = Date.now();
      console.log("Stopping… (agents go on; once more to leave at once)");
      stopping.abort(new DOMException(`Stopped by ${signal}.`, "AbortError"));
    } else if (Date.now() - askedAt > echoMilliseconds) {
      process.exit(130); // web and worker notice and leave by themselves
    }
  });
}

async function main(): Promise<number> {
  const settings = readSettings(process.argv.slice(2), process.env);
  const projectFolder = path.resolve(import.meta.dirname, "..");
  process.chdir(projectFolder);
  await supervise({
    settings,
    projectFolder,
    signal: stopping.signal,
    print: (line) => console.log(line),
  });
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.exitCode = stopping.signal.aborted ? 0 : 1;
  if (error !== stopping.signal.reason || process.exitCode === 1) report(error);
}
if (stopping.signal.aborted) console.log("Stopped.");
process.exit();

/** A person reads this: what is wrong and what to do. Only the unexpected comes with its stack. */
function report(error: unknown): void {
  const isExpected = error instanceof DomainError;
  console.error("\nCoppice cannot start:", isExpected ? error.message : error);
  if (isExpected && error.hint) console.error(error.hint);
}
