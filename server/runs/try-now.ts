import { eq } from "drizzle-orm";
import { z } from "zod";
import type { Transaction } from "@/db/client";
import { runs, workers, workspaces } from "@/db/schema";
import { recordAudit } from "@/server/audit/record-audit";
import { nameActor } from "@/server/domain/actor";
import { Conflict, NotFound } from "@/server/domain/errors";
import { runIdSchema } from "@/server/domain/ids";
import { parseInput } from "@/server/domain/parse-input";
import { mayTryNow } from "@/server/domain/run";
import { dropJob } from "@/server/jobs/held-job";
import { type Jobs, producerOf } from "@/server/jobs/jobs";
import { sendRunJob } from "@/server/jobs/send-run-job";
import { appendEvent } from "./append-event";
import type { VerbContext } from "./context";

export const tryNowInputSchema = z.strictObject({ runId: runIdSchema });

/**
 * Lets a run that waits for a time (its provider's usage limit, its next attempt) go on at once. Its
 * waiting job is replaced in the same transaction. Asked again, it changes nothing.
 * @throws NotFound; Conflict when it waits for no time.
 */
export async function tryNow(
  context: VerbContext,
  input: z.input<typeof tryNowInputSchema>,
): Promise<void> {
  const { runId } = parseInput(tryNowInputSchema, input);
  const jobs = await producerOf(context.db);
  await context.db.transaction(async (tx) => {
    const [run] = await tx.select().from(runs).where(eq(runs.id, runId)).for("update");
    if (!run) throw new NotFound("run", runId);
    if (run.status === "queued" && run.availableAt <= context.now) return;
    if (!mayTryNow(run)) {
      throw new Conflict("The run does not wait for a time.", {
        facts: { runId, status: run.status, waitReason: run.waitReason },
        hint: "Look at the run: its page says what it waits for.",
      });
    }
    await recordAudit(tx, {
      actor: context.actor,
      action: "run.try_now_asked",
      target: `run:${runId}`,
      facts: { waitReason: run.waitReason, availableAt: run.availableAt.toISOString() },
      now: context.now,
    });
    await replaceJob(tx, jobs, run, context.now);
    await appendEvent(tx, {
      runId,
      kind: "notice",
      actor: nameActor(context.actor),
      data: { text: "Asked to try now." },
      now: context.now,
    });
  });
}

async function replaceJob(
  tx: Transaction,
  jobs: Jobs,
  run: typeof runs.$inferSelect,
  now: Date,
): Promise<void> {
  if (run.jobId && run.jobQueue) await dropJob(jobs, tx, { id: run.jobId, queue: run.jobQueue });
  const [bound] = await tx
    .select({ workerName: workers.name })
    .from(workspaces)
    .leftJoin(workers, eq(workers.id, workspaces.workerId))
    .where(eq(workspaces.id, run.workspaceId));
  const job = await sendRunJob(jobs, tx, {
    runId: run.id,
    workspaceId: run.workspaceId,
    workerName: bound?.workerName ?? null,
    priority: run.priority,
    availableAt: null,
  });
  await tx
    .update(runs)
    .set({ availableAt: now, waitReason: "slot", jobId: job.jobId, jobQueue: job.queue })
    .where(eq(runs.id, run.id));
}
