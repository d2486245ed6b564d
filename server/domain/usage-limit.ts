/** Waits of one run for its provider's limit in 24 hours; with one more it ends. */
export const maxUsageWaitsPerDay = 12;
const firstWaitMs = 15 * 60_000;
const longestWaitMs = 5 * 3600_000;
/** Weekly limits are the longest that providers have. */
const furthestMs = 8 * 24 * 3600_000;
/** Providers' clocks and ours differ, and not all runs that waited begin in the same second. */
const marginMs = 15_000;
const spreadMs = 2_000;
const spreads = 30;

/**
 * Until when a run waits after its provider's usage limit stopped it; null: it has waited often enough.
 * `waits` is how often it was stopped so in the 24 hours before. A reset time that is not told, or told
 * in the past, is waited for longer each time.
 */
export function decideUsageWait(
  resetsAt: Date | null,
  { waits, runNumber, now }: { waits: number; runNumber: number; now: Date },
): Date | null {
  if (waits >= maxUsageWaitsPerDay) return null;
  const spread = (runNumber % spreads) * spreadMs;
  const isTold = resetsAt !== null && resetsAt > now;
  const waitMs = isTold
    ? Math.min(resetsAt.getTime() - now.getTime(), furthestMs) + marginMs
    : Math.min(firstWaitMs * 2 ** waits, longestWaitMs);
  return new Date(now.getTime() + waitMs + spread);
}

const goOnBeginning = "The provider's usage limit stopped you; it has reset since.";

/** What the resumed agent is told; `before` is what it was asked to do when it was stopped. */
export function goOnAfterUsageLimit(before: string): string {
  if (before.startsWith(goOnBeginning)) return before;
  return `${goOnBeginning} Go on where you stopped, in the same workspace: see what is done already (git log, git status), then finish this request:\n\n${before}`;
}
