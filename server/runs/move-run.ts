import { and, eq, inArray, sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { runs } from "@/db/schema";
import { AttemptSuperseded, Conflict, NotFound } from "@/server/domain/errors";
import type { RunId } from "@/server/domain/ids";
import type { RunEventData } from "@/server/domain/run-events";
import { mayMove, type RunStatus, statusesBefore } from "@/server/domain/run-status";
import { appendEvents, type EventFact } from "./append-event";

export interface RunMove {
  runId: RunId;
  to: RunStatus;
  /** The worker's fence; null for a move that no worker makes. */
  fence: number | null;
  set: Partial<typeof runs.$inferInsert>;
  actor: string;
  data?: RunEventData;
  /** Facts that are appended with the move: what led to it, and what follows from it. */
  before?: EventFact[];
  after?: EventFact[];
  now: Date;
}

interface RunMoved {
  was: RunStatus;
  cancelAskedAt: Date | null;
  cancelAskedBy: string | null;
}

/**
 * Moves a run along the status table: one guarded update and its events, in the caller's transaction.
 * @returns the status it came from, and whether an operator asked to cancel it.
 * @throws AttemptSuperseded when the fence is old; Conflict when the move is not allowed from where
 *   the run stands; NotFound.
 */
export async function moveRun(tx: Transaction, move: RunMove): Promise<RunMoved> {
  const before = tx.$with("before").as(
    tx
      .select({ id: runs.id, was: sql<RunStatus>`${runs.status}`.as("was") })
      .from(runs)
      .where(eq(runs.id, move.runId))
      .for("update"),
  );
  const [moved] = await tx
    .with(before)
    .update(runs)
    .set({ ...move.set, status: move.to, statusSince: move.now })
    .from(before)
    .where(
      and(
        eq(runs.id, before.id),
        inArray(runs.status, statusesBefore(move.to)),
        ...(move.fence === null ? [] : [eq(runs.fence, move.fence)]),
      ),
    )
    .returning({
      was: before.was,
      cancelAskedAt: runs.cancelAskedAt,
      cancelAskedBy: runs.cancelAskedBy,
    });
  if (!moved) throw await explainRefusal(tx, move);
  const change: EventFact = {
    kind: "status_changed",
    data: { from: moved.was, to: move.to, ...move.data },
  };
  await appendEvents(tx, {
    runId: move.runId,
    actor: move.actor,
    now: move.now,
    facts: [...(move.before ?? []), change, ...(move.after ?? [])],
  });
  return moved;
}

async function explainRefusal(tx: Transaction, move: RunMove): Promise<Error> {
  const [run] = await tx
    .select({ status: runs.status, fence: runs.fence })
    .from(runs)
    .where(eq(runs.id, move.runId));
  if (!run) return new NotFound("run", move.runId);
  if (move.fence !== null && run.fence !== move.fence) {
    return new AttemptSuperseded(move.runId, move.fence);
  }
  const why = mayMove(run.status, move.to) ? "it changed meanwhile" : "that move does not exist";
  return new Conflict(`The run is ${run.status} and cannot become ${move.to}: ${why}.`, {
    facts: { runId: move.runId, from: run.status, to: move.to },
    hint: "Look at the run again; somebody else may have acted on it.",
  });
}
