import type { RunStatus } from "@/server/domain/run-status";

/** People script against these: they never change. */
export const exitCodes = { success: 0, error: 1, failed: 2, cancelled: 3, usage: 64 } as const;

/** What `--follow` ends with. */
export function exitCodeOf(status: RunStatus): number {
  if (status === "succeeded") return exitCodes.success;
  if (status === "cancelled") return exitCodes.cancelled;
  return status === "failed" ? exitCodes.failed : exitCodes.error;
}
