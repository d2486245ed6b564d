import { eq } from "drizzle-orm";
import { runs } from "@/db/schema";
import type { Difference } from "@/server/domain/difference";
import { Conflict } from "@/server/domain/errors";
import { isTerminal } from "@/server/domain/run-status";
import { dropJob } from "@/server/jobs/held-job";
import { listRunJobs } from "@/server/jobs/list-run-jobs";
import type { DoctorHost } from "../host-facts";

/** Removes a job that its run, locked meanwhile, does not name. */
export async function dropStrayJob(
  { db, jobs }: DoctorHost,
  { subject }: Difference,
): Promise<string[]> {
  return db.transaction(async (tx) => {
    const job = (await listRunJobs(tx)).find(({ id }) => id === subject.jobId);
    if (!job) throw new Conflict("The job is gone; there is nothing to fix.");
    const [run] = job.runId
      ? await tx.select().from(runs).where(eq(runs.id, job.runId)).for("update")
      : [];
    if (run && !isTerminal(run.status) && run.jobId === job.id) {
      throw new Conflict(`Run #${run.number} names this job now; it stays.`);
    }
    await dropJob(jobs, tx, job);
    return [`Removed the job ${job.id} from ${job.queue}.`];
  });
}
