import { readFileSync } from "node:fs";
import os from "node:os";
import { eq, sql } from "drizzle-orm";
import type { Database } from "@/db/client";
import { workers } from "@/db/schema";
import type { WorkerId } from "@/server/domain/ids";
import type { WorkerFacts } from "@/server/domain/worker";
import type { Predecessor } from "./open-recovery-report";

export interface RegisterWorker {
  db: Database;
  name: string;
  home: string;
  slots: number;
  facts: WorkerFacts;
}

export interface RegisteredWorker {
  id: WorkerId;
  name: string;
  host: string;
  predecessor: Predecessor;
  wishes: WorkerWishes;
}

/** What was decided about a worker by others, read at each beat. */
export interface WorkerWishes {
  /** Runs at once; null: as many as it was started with. */
  capacity: number | null;
  isDrained: boolean;
  isLost: boolean;
  /** Runs that are its own now, whether this process follows them or not. */
  held: number;
}

/** Spelled out, because a returning clause names columns without their table. */
const held = sql<number>`(
  select count(*) from runs as held where held.worker_id = workers.id
    and held.status in ('preparing', 'running', 'waiting', 'finishing'))`.mapWith(Number);
const wishColumns = {
  capacity: workers.capacity,
  drainAskedAt: workers.drainAskedAt,
  lostAt: workers.lostAt,
  held,
};

/** Writes the worker's row. The same name keeps its id over restarts, and with it its workspaces. */
export async function registerWorker(options: RegisterWorker): Promise<RegisteredWorker> {
  const bootId = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  const host = os.hostname();
  const row = {
    host,
    home: options.home,
    pid: process.pid,
    slots: options.slots,
    facts: options.facts,
    bootId,
    startedAt: sql`now()`,
    heartbeatAt: sql`now()`,
    stoppedAt: null,
  };
  return options.db.transaction(async (tx) => {
    const [before] = await tx
      .select()
      .from(workers)
      .where(eq(workers.name, options.name))
      .for("update");
    const [worker] = await tx
      .insert(workers)
      .values({ name: options.name, ...row })
      .onConflictDoUpdate({ target: workers.name, set: row })
      .returning({ id: workers.id, ...wishColumns });
    if (!worker) throw new Error(`worker ${options.name} was not registered`);
    return {
      ...{ id: worker.id, name: options.name, host },
      predecessor: describePredecessor(before, bootId),
      wishes: toWishes(worker),
    };
  });
}

function describePredecessor(
  before: typeof workers.$inferSelect | undefined,
  bootId: string,
): Predecessor {
  if (!before) return { before: "none", lastBeatAt: null, isHostRestarted: null };
  return {
    before: before.stoppedAt ? "stopped" : "vanished",
    lastBeatAt: before.heartbeatAt,
    isHostRestarted: before.bootId ? before.bootId !== bootId : null,
  };
}

/** Says that the worker lives, and what its host offers now; hears what was decided about it. */
export async function beatWorker(
  db: Database,
  id: WorkerId,
  facts: WorkerFacts,
): Promise<WorkerWishes> {
  const [worker] = await db
    .update(workers)
    .set({ heartbeatAt: sql`now()`, facts })
    .where(eq(workers.id, id))
    .returning(wishColumns);
  if (!worker) throw new Error(`worker ${id} is not registered any more`);
  return toWishes(worker);
}

function toWishes(
  worker: Pick<typeof workers.$inferSelect, "capacity" | "drainAskedAt" | "lostAt"> & {
    held: number;
  },
): WorkerWishes {
  return {
    capacity: worker.capacity,
    isDrained: worker.drainAskedAt !== null,
    isLost: worker.lostAt !== null,
    held: worker.held,
  };
}

/** Says that the worker has left on purpose. */
export async function signOffWorker(db: Database, id: WorkerId): Promise<void> {
  await db
    .update(workers)
    .set({ stoppedAt: sql`now()`, heartbeatAt: sql`now()`, pid: null })
    .where(eq(workers.id, id));
}
