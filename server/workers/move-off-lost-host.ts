import { and, asc, eq, inArray, isNotNull, ne, or, sql } from "drizzle-orm";
import type { Database } from "@/db/client";
import { runs, workers, workspaces } from "@/db/schema";
import type { RunId, WorkerId } from "@/server/domain/ids";
import { heldStatuses } from "@/server/domain/run-status";
import { type Jobs, producerOf } from "@/server/jobs/jobs";
import { workerQueue } from "@/server/jobs/queues";
import { releaseLostRun } from "./release-lost-run";

interface MoveContext {
  db: Database;
  now: Date;
  jobs?: Jobs;
  /** Looks again at runs that wait for the host already: another one may have come that can take them. */
  isAgain?: boolean;
}

/** How many runs went where. */
export interface MovedOff {
  /** Queued for another host. */
  moved: number;
  /** Queued for the lost host: their work lies there alone. */
  waiting: number;
  /** Ended: cancelled, or tried often enough. */
  ended: number;
}

/**
 * Takes every run off a lost host that can go on elsewhere; the others say what they wait for. Safe to
 * repeat, and to be done by two at once: each run is looked at again under its lock.
 */
export async function moveOffLostHost(
  { db, now, jobs, isAgain = false }: MoveContext,
  workerId: WorkerId,
): Promise<MovedOff> {
  const engine = jobs ?? (await producerOf(db));
  const sum: MovedOff = { moved: 0, waiting: 0, ended: 0 };
  const [worker] = await db.select().from(workers).where(eq(workers.id, workerId));
  if (!worker?.lostAt) return sum;
  for (const runId of await listBound(db, worker, isAgain)) {
    const became = await db.transaction((tx) =>
      releaseLostRun(tx, engine, { runId, workerId, now }),
    );
    if (became) sum[became] += 1;
  }
  return sum;
}

/** The same for all lost hosts: what came to be bound to them since, or was left over. */
export async function moveOffLostHosts(context: MoveContext): Promise<number> {
  const lost = await context.db
    .select({ id: workers.id })
    .from(workers)
    .where(isNotNull(workers.lostAt))
    .limit(100);
  let touched = 0;
  for (const { id } of lost) {
    const { moved, waiting, ended } = await moveOffLostHost(context, id);
    touched += moved + waiting + ended;
  }
  return touched;
}

/** Held runs, and queued ones, of which those that know what they wait for are looked at rarely. */
async function listBound(
  db: Database,
  { id: workerId, name }: { id: WorkerId; name: string },
  isAgain: boolean,
): Promise<RunId[]> {
  const isUntold = or(sql`${runs.waitReason} is null`, ne(runs.waitReason, "host_lost"));
  const found = await db
    .select({ id: runs.id })
    .from(runs)
    .innerJoin(workspaces, eq(workspaces.id, runs.workspaceId))
    .where(
      or(
        and(eq(runs.workerId, workerId), inArray(runs.status, [...heldStatuses])),
        and(
          eq(runs.status, "queued"),
          or(eq(workspaces.workerId, workerId), eq(runs.jobQueue, workerQueue(name))),
          isAgain ? undefined : isUntold,
        ),
      ),
    )
    .orderBy(asc(runs.number))
    .limit(1000);
  return found.map(({ id }) => id);
}
