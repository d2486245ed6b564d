import { and, eq } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { questions, runs } from "@/db/schema";
import type { RunId } from "@/server/domain/ids";
import { appendEvents, type EventFact } from "@/server/runs/append-event";
import { moveRun } from "@/server/runs/move-run";

export interface Settlement {
  runId: RunId;
  /** The worker's fence; null for an operator. */
  fence: number | null;
  actor: string;
  /** What happened, told before the move that follows from it. */
  facts: EventFact[];
  now: Date;
}

/**
 * Lets the run wait while a question of its agent is open, and run when none is. Late in a transaction
 * that has locked the run's row: it appends events.
 */
export async function settleWaiting(tx: Transaction, settlement: Settlement): Promise<void> {
  const { runId, fence, actor, facts, now } = settlement;
  const [run] = await tx.select({ status: runs.status }).from(runs).where(eq(runs.id, runId));
  const [open] = await tx
    .select({ id: questions.id })
    .from(questions)
    .where(and(eq(questions.runId, runId), eq(questions.state, "open")))
    .limit(1);
  const to = open ? ("waiting" as const) : ("running" as const);
  const from = open ? "running" : "waiting";
  if (run?.status === from) {
    await moveRun(tx, { runId, to, fence, set: {}, actor, before: facts, now });
  } else if (facts.length > 0) {
    await appendEvents(tx, { runId, actor, now, facts });
  }
}
