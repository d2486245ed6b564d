import type { PgBoss, QueueOptions } from "pg-boss";

/** The shared queue: the first job of a workspace that has no host yet. */
export const sharedQueue = "run";

/** The queue of one worker, where every job of its workspaces goes. */
export function workerQueue(workerName: string): string {
  return `run/${workerName}`;
}

const yearSeconds = 365 * 24 * 3600;

/**
 * A job only says that somebody alive drives the run: it comes back after a lost heartbeat as often as
 * it must, because retries are counted in our own row. 86,400 s is pg-boss's limit for one claim.
 */
const runQueueOptions = {
  policy: "singleton",
  heartbeatSeconds: 15,
  expireInSeconds: 86_400,
  retryLimit: 10_000,
  retryDelay: 0,
  retentionSeconds: 10 * yearSeconds,
  deleteAfterSeconds: 24 * 3600,
} as const satisfies QueueOptions & { policy: string };

/** Makes the shared queue and, for a worker, its own. Harmless when they exist. */
export async function createRunQueues(boss: PgBoss, workerName?: string): Promise<void> {
  await boss.createQueue(sharedQueue, runQueueOptions);
  if (workerName) await boss.createQueue(workerQueue(workerName), runQueueOptions);
}
