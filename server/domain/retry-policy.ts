import { type EndReason, endReasonFacts } from "./end-reasons";
import type { WaitReason } from "./run";
import { decideUsageWait } from "./usage-limit";

export interface RetryPolicy {
  maxAttempts: number;
  firstDelaySeconds: number;
  maxDelaySeconds: number;
}

export const defaultRetryPolicy: RetryPolicy = {
  maxAttempts: 3,
  firstDelaySeconds: 2,
  maxDelaySeconds: 60,
};

export type AfterAttempt =
  | {
      next: "attempt";
      availableAt: Date;
      waitReason: Extract<WaitReason, "retry_delay" | "usage_limit" | "checks_round">;
      reason: EndReason;
    }
  | { next: "end"; reason: EndReason };

/**
 * What follows an attempt that ended badly. `attemptsSpent` counts ended attempts that were not
 * ended by our own shutdown: a shutdown spends no retry.
 */
export function decideAfterAttempt(
  policy: RetryPolicy,
  reason: EndReason,
  attemptsSpent: number,
  now: Date,
): AfterAttempt {
  const waitReason = "retry_delay" as const;
  if (!endReasonFacts[reason].isRetried) return { next: "end", reason };
  if (reason === "shutdown") return { next: "attempt", availableAt: now, waitReason, reason };
  if (attemptsSpent >= policy.maxAttempts) return { next: "end", reason };
  const delaySeconds = Math.min(
    policy.firstDelaySeconds * 2 ** Math.max(0, attemptsSpent - 1),
    policy.maxDelaySeconds,
  );
  return {
    next: "attempt",
    availableAt: new Date(now.getTime() + delaySeconds * 1000),
    waitReason,
    reason,
  };
}

/** Whether such an end counts against the tries of a run: what the run had no part in does not. */
export function spendsRetry(reason: EndReason): boolean {
  return reason !== "shutdown" && reason !== "usage_limit";
}

/** What follows an attempt that its provider's usage limit ended: the run waits, or has waited enough. */
export function decideAfterUsageLimit(
  resetsAt: Date | null,
  facts: { waits: number; runNumber: number; now: Date },
): AfterAttempt {
  const availableAt = decideUsageWait(resetsAt, facts);
  const reason = "usage_limit" as const;
  return availableAt
    ? { next: "attempt", availableAt, waitReason: "usage_limit", reason }
    : { next: "end", reason };
}
