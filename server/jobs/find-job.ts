import type { Jobs } from "./jobs";

export interface FoundJob {
  id: string;
  queue: string;
  /** created, retry, active, completed, cancelled, failed; null when there is no such job. */
  state: string | null;
  heartbeatAt: Date | null;
}

/** How the queue itself sees a job. */
export async function findJob(jobs: Jobs, job: { id: string; queue: string }): Promise<FoundJob> {
  const [found] = await jobs.boss.findJobs(job.queue, { id: job.id });
  return { ...job, state: found?.state ?? null, heartbeatAt: found?.heartbeatOn ?? null };
}
