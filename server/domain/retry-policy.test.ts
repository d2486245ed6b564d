import { describe, expect, it } from "vitest";
import { endReasonFacts, endReasons } from "./end-reasons";
import { decideAfterAttempt, defaultRetryPolicy, type RetryPolicy } from "./retry-policy";

const now = new Date("2026-01-02T03:04:05.000Z");
const policy: RetryPolicy = { maxAttempts: 4, firstDelaySeconds: 2, maxDelaySeconds: 5 };

describe("what follows an attempt", () => {
  it("is the run's end for every reason that another try would not change", () => {
    const final = endReasons.filter((reason) => !endReasonFacts[reason].isRetried);

    expect(final).toContain("agent_error");
    expect(final).toContain("cancelled_by_operator");
    for (const reason of final) {
      expect(decideAfterAttempt(policy, reason, 1, now)).toEqual({ next: "end", reason });
    }
  });

  it("is another attempt when the host failed the agent", () => {
    expect(decideAfterAttempt(policy, "worker_lost", 1, now)).toMatchObject({ next: "attempt" });
  });

  it("waits twice as long each time, up to the longest delay", () => {
    const delays = [1, 2, 3].map((spent) => delaySeconds(spent));

    expect(delays).toEqual([2, 4, 5]);
  });

  it("is the end once the attempts are spent", () => {
    expect(decideAfterAttempt(policy, "worker_lost", 4, now)).toEqual({
      next: "end",
      reason: "worker_lost",
    });
  });

  it("is another attempt at once after our own shutdown, however many are spent", () => {
    expect(decideAfterAttempt(policy, "shutdown", 99, now)).toEqual({
      next: "attempt",
      availableAt: now,
      waitReason: "retry_delay",
      reason: "shutdown",
    });
  });

  it("gives a run three attempts unless told otherwise", () => {
    expect(decideAfterAttempt(defaultRetryPolicy, "worker_lost", 2, now).next).toBe("attempt");
    expect(decideAfterAttempt(defaultRetryPolicy, "worker_lost", 3, now).next).toBe("end");
  });
});

describe("each end reason", () => {
  it("tells a person what happened, and what to do unless all is well", () => {
    for (const reason of endReasons) {
      const { label, nextStep, status } = endReasonFacts[reason];
      expect(label, reason).not.toBe("");
      if (status !== "succeeded") expect(nextStep, reason).not.toBe("");
    }
  });

  it("is a success for completed alone", () => {
    const good = endReasons.filter((reason) => endReasonFacts[reason].status === "succeeded");

    expect(good).toEqual(["completed"]);
  });
});

function delaySeconds(attemptsSpent: number): number {
  const after = decideAfterAttempt(policy, "worker_lost", attemptsSpent, now);
  return after.next === "attempt" ? (after.availableAt.getTime() - now.getTime()) / 1000 : -1;
}
