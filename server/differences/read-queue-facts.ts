import { eq, inArray, sql } from "drizzle-orm";
import type { Database, Executor } from "@/db/client";
import { runs, workers, workspaces } from "@/db/schema";
import type { RunId, WorkerId } from "@/server/domain/ids";
import type { RunStatus } from "@/server/domain/run-status";
import { terminalStatuses } from "@/server/domain/run-status";
import { listRunJobs, type RunJob } from "@/server/jobs/list-run-jobs";

/** A run as far as the queue is concerned. */
export interface QueueRun {
  id: RunId;
  number: number;
  status: RunStatus;
  statusSince: Date;
  endedAt: Date | null;
  availableAt: Date;
  jobId: string | null;
  /** The worker that holds it, or has its workspace. */
  workerId: WorkerId | null;
}

export interface QueueWorker {
  id: WorkerId;
  name: string;
  host: string;
  heartbeatAt: Date;
  stoppedAt: Date | null;
}

/** Runs, jobs and workers at one moment. */
export interface QueueFacts {
  /** The database's clock: the times above are compared with it alone. */
  now: Date;
  /** All runs that have not ended, and those that a job names. */
  runs: QueueRun[];
  jobs: RunJob[];
  workers: QueueWorker[];
}

/** Reads them in one snapshot, so that a run and its job are never seen at two moments. */
export async function readQueueFacts(db: Database): Promise<QueueFacts> {
  return db.transaction(
    async (tx) => {
      const jobs = await listRunJobs(tx);
      const named = jobs.flatMap(({ runId }) => runId ?? []);
      const { rows } = await tx.execute<{ ms: string }>(
        sql`select extract(epoch from clock_timestamp()) * 1000 as ms`,
      );
      return {
        now: new Date(Number(rows[0]?.ms)),
        runs: await readRuns(tx, named),
        jobs,
        workers: await tx.select().from(workers),
      };
    },
    { isolationLevel: "repeatable read", accessMode: "read only" },
  );
}

/** By status through its index, and by id: never the whole table. */
async function readRuns(db: Executor, named: RunId[]): Promise<QueueRun[]> {
  const columns = {
    id: runs.id,
    number: runs.number,
    status: runs.status,
    statusSince: runs.statusSince,
    endedAt: runs.endedAt,
    availableAt: runs.availableAt,
    jobId: runs.jobId,
    workerId: sql<WorkerId | null>`coalesce(${runs.workerId}, ${workspaces.workerId})`,
  };
  const from = () =>
    db.select(columns).from(runs).innerJoin(workspaces, eq(workspaces.id, runs.workspaceId));
  const living = await from().where(
    inArray(runs.status, ["queued", "preparing", "running", "waiting", "finishing"]),
  );
  const known = new Set(living.map(({ id }) => id));
  const others = named.filter((id) => !known.has(id));
  if (others.length === 0) return living;
  const ended = await from().where(
    sql`${runs.id} = any(${sql.param(others)}::uuid[]) and ${inArray(runs.status, [...terminalStatuses])}`,
  );
  return [...living, ...ended];
}
