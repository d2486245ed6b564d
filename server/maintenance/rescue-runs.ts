import { sql } from "drizzle-orm";
import type { Database } from "@/db/client";
import type { RunId, WorkspaceId } from "@/server/domain/ids";
import { hasJob } from "@/server/jobs/has-job";
import type { Jobs } from "@/server/jobs/jobs";
import { sendRunJob } from "@/server/jobs/send-run-job";

const suspectAfterSeconds = 30;

interface QueuedRun extends Record<string, unknown> {
  id: RunId;
  workspace_id: WorkspaceId;
  worker_name: string | null;
  priority: number;
  job_id: string | null;
  job_queue: string | null;
}

/**
 * Gives every queued run that has no job left a new one. Trigger and job commit together, so this
 * finds something only after a repair by hand or a lost queue. Answers how many it rescued.
 */
export async function rescueRuns(context: {
  db: Database;
  jobs: Jobs;
  now: Date;
}): Promise<number> {
  const { db, jobs, now } = context;
  const before = new Date(now.getTime() - suspectAfterSeconds * 1000).toISOString();
  let rescued = 0;
  await db.transaction(async (tx) => {
    const { rows } = await tx.execute<QueuedRun>(sql`
      select r.id, r.workspace_id, w.name as worker_name, r.priority, r.job_id, r.job_queue
      from runs r
      join workspaces s on s.id = r.workspace_id
      left join workers w on w.id = s.worker_id
      where r.status = 'queued' and r.available_at < ${before}::timestamptz
        and r.status_since < ${before}::timestamptz
      order by r.created_at limit 200
      for update of r skip locked`);
    for (const run of rows) {
      const job = run.job_id && run.job_queue ? { id: run.job_id, queue: run.job_queue } : null;
      if (job && (await hasJob(jobs, job))) continue;
      const sent = await sendRunJob(jobs, tx, {
        runId: run.id,
        workspaceId: run.workspace_id,
        workerName: run.worker_name,
        priority: run.priority,
        availableAt: null,
      });
      await tx.execute(sql`update runs set job_id = ${sent.jobId}::uuid, job_queue = ${sent.queue}
        where id = ${run.id}`);
      rescued += 1;
    }
  });
  return rescued;
}
