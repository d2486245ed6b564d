import { asc, count, eq, inArray } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { runs, workers } from "@/db/schema";
import { heldStatuses } from "@/server/domain/run-status";
import type { WorkerView } from "@/server/domain/views";
import { isWorkerAlive } from "./find-live-workers";

/** Every worker that ever joined, by name, with what it found on its host and what it holds. */
export async function listWorkers(db: Executor, now: Date): Promise<{ items: WorkerView[] }> {
  const held = db
    .select({ workerId: runs.workerId, runs: count().as("held_runs") })
    .from(runs)
    .where(inArray(runs.status, [...heldStatuses]))
    .groupBy(runs.workerId)
    .as("held");
  const rows = await db
    .select({ worker: workers, held: held.runs })
    .from(workers)
    .leftJoin(held, eq(held.workerId, workers.id))
    .orderBy(asc(workers.name))
    .limit(200);
  return { items: rows.map(({ worker, held }) => toWorkerView(worker, held ?? 0, now)) };
}

function toWorkerView(worker: typeof workers.$inferSelect, held: number, now: Date): WorkerView {
  return {
    id: worker.id,
    name: worker.name,
    host: worker.host,
    isAlive: isWorkerAlive(worker, now),
    pid: worker.pid,
    slots: worker.slots,
    held,
    isolation: worker.facts.isolation,
    isolationWhy: worker.facts.isolationWhy,
    agents: worker.facts.agents,
    startedAt: worker.startedAt,
    heartbeatAt: worker.heartbeatAt,
  };
}
