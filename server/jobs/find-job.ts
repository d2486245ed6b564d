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
  // Over drizzle a time comes as text, whatever pg-boss's types say.
  const beat: Date | string | null = found?.heartbeatOn ?? null;
  return {
    ...job,
    state: found?.state ?? null,
    heartbeatAt: beat === null ? null : new Date(beat),
  };
}
