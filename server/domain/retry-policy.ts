import { type EndReason, endReasonFacts } from "./end-reasons";

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
  | { next: "attempt"; availableAt: Date; reason: EndReason }
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
  if (!endReasonFacts[reason].isRetried) return { next: "end", reason };
  if (reason === "shutdown") return { next: "attempt", availableAt: now, reason };
  if (attemptsSpent >= policy.maxAttempts) return { next: "end", reason };
  const delaySeconds = Math.min(
    policy.firstDelaySeconds * 2 ** Math.max(0, attemptsSpent - 1),
    policy.maxDelaySeconds,
  );
  return {
    next: "attempt",
    availableAt: new Date(now.getTime() + delaySeconds * 1000),
    reason,
  };
}
