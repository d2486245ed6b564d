import { formatDuration } from "@/components/ui/format-time";

const soonMs = 60_000;

/** How long an answer still counts, and whether it is nearly too late. */
export function describeDeadline(
  deadlineAt: Date,
  nowMs: number,
): { words: string; isSoon: boolean } {
  const leftMs = deadlineAt.getTime() - nowMs;
  if (leftMs <= 0) return { words: "Its time is over; it is being denied.", isSoon: true };
  return { words: `Denied by itself in ${formatDuration(leftMs)}`, isSoon: leftMs < soonMs };
}
