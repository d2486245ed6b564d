import { and, asc, count, eq, inArray, isNull, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { leftWorkspaces, runs, workers, workspaces } from "@/db/schema";
import { heldStatuses } from "@/server/domain/run-status";
import type { WorkerView } from "@/server/domain/views";
import { decideWorkerState, isPresent } from "@/server/domain/worker";

/**
 * Every worker that ever joined, by name, with what it found on its host and what it holds. Without
 * `now` the database's own time judges the beats, which it stamps too.
 */
export async function listWorkers(db: Executor, now?: Date): Promise<{ items: WorkerView[] }> {
  const held = db
    .select({ workerId: runs.workerId, runs: count().as("held_runs") })
    .from(runs)
    .where(inArray(runs.status, [...heldStatuses]))
    .groupBy(runs.workerId)
    .as("held");
  const waiting = db
    .select({ workerId: workspaces.workerId, runs: count().as("waiting_runs") })
    .from(runs)
    .innerJoin(workspaces, eq(workspaces.id, runs.workspaceId))
    .where(eq(runs.status, "queued"))
    .groupBy(workspaces.workerId)
    .as("waiting");
  const left = db
    .select({ workerId: leftWorkspaces.workerId, rows: count().as("left_rows") })
    .from(leftWorkspaces)
    .where(isNull(leftWorkspaces.settledAt))
    .groupBy(leftWorkspaces.workerId)
    .as("left_behind");
  const rows = await db
    .select({
      worker: workers,
      held: held.runs,
      waiting: waiting.runs,
      left: left.rows,
      databaseNow: sql<Date>`now()`.mapWith(workers.startedAt),
    })
    .from(workers)
    .leftJoin(held, eq(held.workerId, workers.id))
    .leftJoin(waiting, and(eq(waiting.workerId, workers.id)))
    .leftJoin(left, eq(left.workerId, workers.id))
    .orderBy(asc(workers.name))
    .limit(200);
  return {
    items: rows.map((row) => ({
      ...toWorkerView(row.worker, row.held ?? 0, now ?? row.databaseNow),
      waiting: row.waiting ?? 0,
      left: row.left ?? 0,
    })),
  };
}

function toWorkerView(
  worker: typeof workers.$inferSelect,
  held: number,
  now: Date,
): Omit<WorkerView, "waiting" | "left"> {
  const state = decideWorkerState({ ...worker, held }, now);
  const { drainAskedAt, drainAskedBy, drainReason, lostAt, lostBy, lostReason } = worker;
  return {
    id: worker.id,
    name: worker.name,
    host: worker.host,
    isAlive: isPresent(state),
    state,
    version: worker.facts.version,
    pid: worker.pid,
    slots: worker.capacity ?? worker.slots,
    capacity: worker.capacity,
    startedWithSlots: worker.slots,
    held,
    drain: drainAskedAt && drainAskedBy ? drainOf(drainAskedAt, drainAskedBy, drainReason) : null,
    lost: lostAt && lostBy && lostReason ? { at: lostAt, by: lostBy, reason: lostReason } : null,
    isolation: worker.facts.isolation,
    isolationWhy: worker.facts.isolationWhy,
    // ACP agents have a kind in common; “agents” lists them by name.
    agents: worker.facts.agents.filter(({ kind }) => kind !== "acp"),
    startedAt: worker.startedAt,
    heartbeatAt: worker.heartbeatAt,
  };
}

function drainOf(at: Date, by: string, reason: string | null) {
  return { at, by, reason };
}
