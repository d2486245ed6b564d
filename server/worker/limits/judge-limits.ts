import { decideLimit, type LimitDecision, type LimitFacts } from "@/server/domain/limits-watch";
import { addUsage, countTokens, type Usage } from "@/server/domain/usage";
import type { Work } from "../load-work";
import type { Tail } from "../open-tail";
import { type LimitColumns, limitsOf } from "./limits-of";
import { measureElapsed } from "./measure-elapsed";
import { measureSilence } from "./measure-silence";

/** What is measured of a run while it is followed; its clock is one that nobody sets. */
export interface LimitWatch {
  startedAt: number;
  bytes: number;
  lastByteAt: number;
}

type Limited = { run: LimitColumns & Usage; definition: Pick<Work["definition"], "stallsInTools"> };
type Measured = Pick<Tail, "driver" | "state" | "outputBytes" | "stderrBytes">;

/** Begins where the attempt stands: what went on before this worker followed it counts too. */
export function openLimitWatch(
  controlPath: string,
  { run, attempt }: Work,
  tail: Tail,
): LimitWatch {
  const now = new Date();
  const elapsedMs = measureElapsed(attempt, now);
  const silentMs = measureSilence(controlPath, { elapsedMs, statusSince: run.statusSince, now });
  const clock = performance.now();
  return {
    startedAt: clock - elapsedMs,
    bytes: tail.outputBytes + tail.stderrBytes,
    lastByteAt: clock - silentMs,
  };
}

/** The agent waits for an answer: nothing it could write. */
export function excuseSilence(watch: LimitWatch): void {
  watch.lastByteAt = performance.now();
}

/** What follows from how far the run has gone; null: it goes on. */
export function judgeLimits(
  watch: LimitWatch,
  work: Limited,
  tail: Measured,
): LimitDecision | null {
  const bytes = tail.outputBytes + tail.stderrBytes;
  if (bytes !== watch.bytes) {
    watch.bytes = bytes;
    watch.lastByteAt = performance.now();
  }
  return decideLimit(describeFacts(watch, work, tail), limitsOf(work.run));
}

function describeFacts(
  watch: LimitWatch,
  { run, definition }: Limited,
  tail: Measured,
): LimitFacts {
  const clock = performance.now();
  const live = tail.state === null ? undefined : tail.driver.measure?.(tail.state);
  const isExcused = live?.isToolOpen === true && definition.stallsInTools !== true;
  // What earlier attempts of the run used counts too.
  const total = addUsage(run, {
    ...{ inputTokens: live?.tokens ?? null, outputTokens: null, cachedTokens: null },
    ...{ costUsd: live?.costUsd ?? null, turns: live?.turns ?? null },
  });
  return {
    turns: total.turns,
    tokens: countTokens(total),
    costUsd: total.costUsd,
    elapsedMs: clock - watch.startedAt,
    silentMs: isExcused ? null : clock - watch.lastByteAt,
    outputBytes: tail.outputBytes,
  };
}
