import type { Jobs } from "./jobs";

const liveStates = ["created", "retry", "active", "blocked"];

/** Whether a job still waits or is held. */
export async function hasJob(jobs: Jobs, job: { id: string; queue: string }): Promise<boolean> {
  const [found] = await jobs.boss.findJobs(job.queue, { id: job.id });
  return found !== undefined && liveStates.includes(found.state);
}
