import { and, eq, inArray } from "drizzle-orm";
import { runs } from "@/db/schema";
import { heldStatuses } from "@/server/domain/run-status";
import { dropJob } from "@/server/jobs/held-job";
import { sendRunJob } from "@/server/jobs/send-run-job";
import type { WorkerContext } from "./context";

/**
 * At a worker's start: what its predecessor held gets a new job at once instead of after the
 * heartbeat, so that its agents are followed again within a moment. Answers how many runs.
 */
export async function regainRuns(context: WorkerContext): Promise<number> {
  return context.db.transaction(async (tx) => {
    const held = await tx
      .select()
      .from(runs)
      .where(and(eq(runs.workerId, context.worker.id), inArray(runs.status, [...heldStatuses])))
      .for("update");
    for (const run of held) {
      if (run.jobId && run.jobQueue) {
        await dropJob(context.jobs, tx, { id: run.jobId, queue: run.jobQueue });
      }
      const sent = await sendRunJob(context.jobs, tx, {
        runId: run.id,
        workspaceId: run.workspaceId,
        workerName: context.worker.name,
        priority: 100,
        availableAt: null,
      });
      await tx
        .update(runs)
        .set({ jobId: sent.jobId, jobQueue: sent.queue })
        .where(eq(runs.id, run.id));
    }
    return held.length;
  });
}
