import { eq } from "drizzle-orm";
import { runs, workers, workspaces } from "@/db/schema";
import type { Difference } from "@/server/domain/difference";
import { Conflict } from "@/server/domain/errors";
import { runIdSchema } from "@/server/domain/ids";
import { isHeld, isTerminal } from "@/server/domain/run-status";
import { dropJob } from "@/server/jobs/held-job";
import { listRunJobs } from "@/server/jobs/list-run-jobs";
import { sendRunJob } from "@/server/jobs/send-run-job";
import type { DoctorHost } from "../host-facts";

/**
 * Gives a run a new job in place of whatever it has, in one transaction with its row. A worker that
 * drives the run already takes the job over and goes on.
 */
export async function sendNewJob(
  { db, jobs }: DoctorHost,
  { subject }: Difference,
): Promise<string[]> {
  const runId = runIdSchema.parse(subject.runId);
  return db.transaction(async (tx) => {
    const [found] = await tx
      .select({ run: runs, workspaceWorkerId: workspaces.workerId })
      .from(runs)
      .innerJoin(workspaces, eq(workspaces.id, runs.workspaceId))
      .where(eq(runs.id, runId))
      .for("update", { of: runs });
    if (!found || isTerminal(found.run.status)) {
      throw new Conflict("The run has ended meanwhile; there is nothing to fix.");
    }
    const { run } = found;
    const workerId = isHeld(run.status) ? run.workerId : found.workspaceWorkerId;
    const [worker] = workerId
      ? await tx.select({ name: workers.name }).from(workers).where(eq(workers.id, workerId))
      : [];
    const old = (await listRunJobs(tx)).filter((job) => job.runId === runId);
    for (const job of old) await dropJob(jobs, tx, job);
    const sent = await sendRunJob(jobs, tx, {
      runId,
      workspaceId: run.workspaceId,
      workerName: worker?.name ?? null,
      priority: run.priority,
      availableAt: run.status === "queued" ? run.availableAt : null,
    });
    await tx
      .update(runs)
      .set({ jobId: sent.jobId, jobQueue: sent.queue })
      .where(eq(runs.id, runId));
    return [`Sent the job ${sent.jobId} for run #${run.number} to ${sent.queue}.`];
  });
}
