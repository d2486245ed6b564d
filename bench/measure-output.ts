import { createHash } from "node:crypto";
import type { Contender } from "./contender";
import { readOwnMemory } from "./read-processes";

export interface OutputFigures {
  mebibytes: number;
  /** From the trigger to the end on the live stream. */
  seconds: number;
  mebibytesPerSecond: number;
  /** What is kept is what was printed, byte for byte. */
  isKeptWhole: boolean;
  workerRssMib: { before: number; peak: number; after: number };
}

const lookMs = 100;

/** One run that prints lines of 100 bytes as fast as it can. */
export async function measureOutput(
  contender: Contender,
  mebibytes: number,
): Promise<OutputFigures> {
  const bytes = mebibytes * 1024 * 1024;
  const rss = () => readOwnMemory(contender.processes.worker).rssMib;
  const before = rss();
  let peak = before;
  const watch = setInterval(() => {
    peak = Math.max(peak, rss());
  }, lookMs);
  try {
    const run = await contender.trigger(`yes ${"y".repeat(99)} | head -c ${bytes}`);
    const seconds = ((await run.endedAtMs) - run.sentAtMs) / 1000;
    return {
      mebibytes,
      seconds,
      mebibytesPerSecond: mebibytes / seconds,
      isKeptWhole: (await hash(await contender.readOutput(run.runId))) === hashOfLines(bytes),
      workerRssMib: { before, peak, after: rss() },
    };
  } finally {
    clearInterval(watch);
  }
}

async function hash(output: AsyncIterable<Uint8Array>): Promise<string> {
  const digest = createHash("sha256");
  for await (const chunk of output) digest.update(chunk);
  return digest.digest("hex");
}

function hashOfLines(bytes: number): string {
  const digest = createHash("sha256");
  const lines = Buffer.from(`${"y".repeat(99)}\n`.repeat(10_000));
  for (let left = bytes; left > 0; left -= lines.length) digest.update(lines.subarray(0, left));
  return digest.digest("hex");
}
