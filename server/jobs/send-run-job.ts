import { sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import type { RunId, WorkspaceId } from "@/server/domain/ids";
import { inside, type Jobs } from "./jobs";
import { sharedQueue, workerQueue } from "./queues";

export interface RunJobRequest {
  runId: RunId;
  workspaceId: WorkspaceId;
  /** The worker that has the workspace; null when none has it yet. */
  workerName: string | null;
  priority: number;
  /** Not before this time; null is at once. */
  availableAt: Date | null;
}

/** Data of a run's job. */
interface RunJobData {
  runId: RunId;
}

/** The channel on which idle slots are woken; its payload is the queue. */
export const runQueuedChannel = "coppice_run_queued";

/**
 * Sends the job of a run inside the transaction of its row, and wakes the slots when it commits.
 * The singleton key is the workspace: its jobs are held one at a time.
 */
export async function sendRunJob(
  jobs: Jobs,
  tx: Transaction,
  request: RunJobRequest,
): Promise<{ jobId: string; queue: string }> {
  const queue = request.workerName ? workerQueue(request.workerName) : sharedQueue;
  const data: RunJobData = { runId: request.runId };
  const jobId = await jobs.boss.send(queue, data, {
    singletonKey: request.workspaceId,
    priority: request.priority,
    ...(request.availableAt ? { startAfter: request.availableAt } : {}),
    db: inside(tx),
  });
  if (!jobId) throw new Error(`queue ${queue} took no job for run ${request.runId}`);
  await tx.execute(sql`select pg_notify(${runQueuedChannel}, ${queue})`);
  return { jobId, queue };
}
