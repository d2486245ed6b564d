import { and, count, eq, gt, ne } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { attempts } from "@/db/schema";
import { type AfterAttempt, decideAfterUsageLimit } from "@/server/domain/retry-policy";
import type { EventFact } from "@/server/runs/append-event";
import type { Hold } from "../context";
import type { Work } from "../load-work";

const dayMs = 24 * 3600_000;

/** Whether a run that its provider's usage limit stopped waits, and until when. */
export async function decideUsageLimit(
  tx: Transaction,
  { run, attempt }: Work,
  now: Date,
): Promise<AfterAttempt> {
  const [met] = await tx
    .select({ times: count() })
    .from(attempts)
    .where(
      and(
        eq(attempts.runId, run.id),
        ne(attempts.id, attempt.id),
        eq(attempts.endReason, "usage_limit"),
        gt(attempts.endedAt, new Date(now.getTime() - dayMs)),
      ),
    );
  const facts = { waits: met?.times ?? 0, runNumber: run.number, now };
  return decideAfterUsageLimit(attempt.usageResetsAt, facts);
}

/** What is told of it; `resetsAt` is null where nobody said. */
export function describeUsageLimit(hold: Hold, { attempt }: Work, availableAt: Date): EventFact {
  const resetsAt = attempt.usageResetsAt;
  const text = resetsAt
    ? "The provider's usage limit was met; the run goes on when it has reset."
    : "The provider's usage limit was met, and nobody said when it resets; the run tries again later.";
  return {
    kind: "usage_limit_met",
    data: { attempt: hold.attemptNumber, text, resetsAt, availableAt },
  };
}
