import os from "node:os";
import { eq } from "drizzle-orm";
import type { Database } from "@/db/client";
import { workers } from "@/db/schema";
import type { WorkerId } from "@/server/domain/ids";
import type { WorkerFacts } from "@/server/domain/worker";

export interface RegisterWorker {
  db: Database;
  name: string;
  home: string;
  slots: number;
  facts: WorkerFacts;
}

/** Writes the worker's row. The same name keeps its id over restarts, and with it its workspaces. */
export async function registerWorker(
  options: RegisterWorker,
): Promise<{ id: WorkerId; name: string; host: string }> {
  const now = new Date();
  const row = {
    host: os.hostname(),
    home: options.home,
    pid: process.pid,
    slots: options.slots,
    facts: options.facts,
    startedAt: now,
    heartbeatAt: now,
    stoppedAt: null,
  };
  const [worker] = await options.db
    .insert(workers)
    .values({ name: options.name, ...row })
    .onConflictDoUpdate({ target: workers.name, set: row })
    .returning({ id: workers.id });
  if (!worker) throw new Error(`worker ${options.name} was not registered`);
  return { id: worker.id, name: options.name, host: row.host };
}

/** Says that the worker lives, and what its host offers now. */
export async function beatWorker(db: Database, id: WorkerId, facts: WorkerFacts): Promise<void> {
  await db.update(workers).set({ heartbeatAt: new Date(), facts }).where(eq(workers.id, id));
}

/** Says that the worker has left on purpose. */
export async function signOffWorker(db: Database, id: WorkerId): Promise<void> {
  await db
    .update(workers)
    .set({ stoppedAt: new Date(), heartbeatAt: new Date(0), pid: null })
    .where(eq(workers.id, id));
}
