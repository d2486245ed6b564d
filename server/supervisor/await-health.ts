import { setTimeout as delay } from "node:timers/promises";
import { StartRefused } from "./errors";

const pauseMilliseconds = 50;
const patienceMilliseconds = 120_000;

/**
 * Waits until the web answers 200 at `/api/health`.
 *
 * Throws StartRefused after two minutes, and the signal's reason when it fires.
 */
export async function awaitHealth(url: string, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + patienceMilliseconds;
  let last = "no answer";
  while (Date.now() < deadline) {
    signal.throwIfAborted();
    last = await ask(`${url}/api/health`);
    if (last === "200") return;
    await delay(pauseMilliseconds);
  }
  throw new StartRefused(`The web process does not become healthy (${last}).`, {
    hint: "What it said stands above, in the lines that begin with “web”.",
  });
}

/** The status, or why there is none: the web may not listen yet. */
async function ask(url: string): Promise<string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    await response.arrayBuffer();
    return String(response.status);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
