import { and, eq, inArray, isNull } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { attempts, runs } from "@/db/schema";
import { insertMessage } from "@/server/conversation/insert-message";
import { steeringOf } from "@/server/domain/conversation";
import { AttemptSuperseded } from "@/server/domain/errors";
import { askToSumUp, describeNearLimit, limitNames } from "@/server/domain/limit-words";
import type { LimitReason } from "@/server/domain/limits-watch";
import { appendEvent } from "@/server/runs/append-event";
import { awaitDatabase } from "../await-database";
import { type Hold, type WorkerContext, workerActor } from "../context";
import type { Work } from "../load-work";
import { limitsOf } from "./limits-of";

/**
 * Asks the agent to commit and sum up, and tells of it: once an attempt, whichever worker follows it and
 * however often this is repeated. An agent that reads no messages is not asked.
 * @throws AttemptSuperseded, HoldEnded.
 */
export async function tellLimitNear(
  context: WorkerContext,
  hold: Hold,
  { run }: Work,
  reason: LimitReason,
): Promise<void> {
  const limits = limitsOf(run);
  const now = new Date();
  const isAsked = steeringOf[run.agent] !== "never";
  await awaitDatabase(context, hold, () =>
    context.db.transaction(async (tx) => {
      if (!(await beFirst(tx, hold, now))) return;
      await appendEvent(tx, {
        runId: hold.runId,
        kind: "limit_near",
        actor: workerActor(context),
        data: {
          limit: limitNames[reason],
          attempt: hold.attemptNumber,
          text: describeNearLimit(reason, limits),
          isAsked,
        },
        now,
      });
      const text = askToSumUp(reason, limits);
      if (isAsked) await insertMessage(tx, { runId: hold.runId, text, by: "coppice", now });
    }),
  );
}

async function beFirst(tx: Transaction, hold: Hold, now: Date): Promise<boolean> {
  const [run] = await tx
    .select({ id: runs.id })
    .from(runs)
    .where(
      and(
        eq(runs.id, hold.runId),
        eq(runs.fence, hold.fence),
        inArray(runs.status, ["running", "waiting"]),
      ),
    )
    .for("update");
  if (!run) throw new AttemptSuperseded(hold.runId, hold.fence);
  const told = await tx
    .update(attempts)
    .set({ limitNearAt: now })
    .where(and(eq(attempts.id, hold.attemptId), isNull(attempts.limitNearAt)))
    .returning({ id: attempts.id });
  return told.length > 0;
}
