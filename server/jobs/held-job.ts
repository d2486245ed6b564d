import type { Transaction } from "@/db/client";
import { type RunId, runIdSchema } from "@/server/domain/ids";
import { inside, type Jobs } from "./jobs";
import { sharedQueue, workerQueue } from "./queues";

/** A job that this worker holds; `retryCount` fences the hold. */
export interface HeldJob {
  id: string;
  queue: string;
  retryCount: number;
  runId: RunId;
}

/** `CommandResponse` is published as an empty type; this is what really comes back. */
interface Settlement {
  affected?: number;
  settled?: string[];
}

/**
 * Takes the next job for a worker: its own queue first, then the shared one, unless it is known that a
 * job has just come into the shared one. Null when both are empty. A worker that takes no new run looks
 * into its own alone, for runs that it holds already.
 */
export async function fetchRunJob(
  jobs: Jobs,
  workerName: string,
  isSharedFirst = false,
  isOwnAlone = false,
): Promise<HeldJob | null> {
  const queues = [workerQueue(workerName), ...(isOwnAlone ? [] : [sharedQueue])];
  for (const queue of isSharedFirst ? queues.reverse() : queues) {
    const [job] = await jobs.boss.fetch<{ runId: string }>(queue);
    if (!job) continue;
    const { retryCount } = job as { retryCount?: number };
    return {
      id: job.id,
      queue,
      retryCount: retryCount ?? 0,
      runId: runIdSchema.parse(job.data.runId),
    };
  }
  return null;
}

/** Beats for a held job. False: the job is no longer ours. */
export async function touchJob(jobs: Jobs, job: HeldJob): Promise<boolean> {
  const result: Settlement = await jobs.boss.touch(job.queue, attemptOf(job));
  return result.settled?.includes(job.id) ?? (result.affected ?? 0) > 0;
}

/** Ends a held job inside the transaction that writes what came of it. False: it was not ours any more. */
export async function completeJob(jobs: Jobs, tx: Transaction, job: HeldJob): Promise<boolean> {
  const result: Settlement = await jobs.boss.complete(job.queue, attemptOf(job), null, {
    db: inside(tx),
  });
  return (result.affected ?? 0) > 0;
}

/** Ends whatever job a run has, held or not, inside a transaction: before another takes its place. */
export async function dropJob(
  jobs: Jobs,
  tx: Transaction,
  job: { id: string; queue: string },
): Promise<void> {
  await jobs.boss.cancel(job.queue, job.id, { db: inside(tx) });
}

function attemptOf(job: HeldJob) {
  return { id: job.id, retryCount: job.retryCount };
}
