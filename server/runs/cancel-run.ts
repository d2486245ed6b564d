import { and, eq, sql } from "drizzle-orm";
import { z } from "zod";
import type { Transaction } from "@/db/client";
import { attempts, checkRounds, runs } from "@/db/schema";
import { recordAudit } from "@/server/audit/record-audit";
import { nameActor } from "@/server/domain/actor";
import { Conflict, NotFound } from "@/server/domain/errors";
import { runIdSchema } from "@/server/domain/ids";
import { parseInput } from "@/server/domain/parse-input";
import { isTerminal } from "@/server/domain/run-status";
import { dropJob } from "@/server/jobs/held-job";
import { type Jobs, producerOf } from "@/server/jobs/jobs";
import { appendEvent } from "./append-event";
import type { VerbContext } from "./context";
import { moveRun } from "./move-run";

export const cancelRunInputSchema = z.strictObject({
  runId: runIdSchema,
  reason: z.string().max(500).nullish(),
});

/** The channel by which a worker hears at once that an operator wants something of its run. */
export const runControlChannel = "coppice_run_control";

/**
 * Cancels a run. A queued one ends at once; of a held one the worker is asked, and the run ends
 * when its processes are dead and its work is kept. Asked again, the worker waits no longer at the step
 * it is at (interrupt, SIGTERM) and takes the next one.
 * @throws NotFound; Conflict when it has ended or is already being finished.
 */
export async function cancelRun(
  context: VerbContext,
  input: z.input<typeof cancelRunInputSchema>,
): Promise<void> {
  const { runId, reason } = parseInput(cancelRunInputSchema, input);
  const jobs = await producerOf(context.db);
  await context.db.transaction(async (tx) => {
    const [run] = await tx.select().from(runs).where(eq(runs.id, runId)).for("update");
    if (!run) throw new NotFound("run", runId);
    if (isTerminal(run.status)) {
      throw new Conflict(`The run has already ended as ${run.status}.`, {
        facts: { runId, status: run.status },
      });
    }
    if (run.status === "finishing" && !(await isChecking(tx, run))) {
      throw new Conflict("The agent has ended; the run is being finished and its work kept.", {
        hint: "It ends by itself in a moment.",
      });
    }
    await recordAudit(tx, {
      actor: context.actor,
      action: "run.cancel_asked",
      target: `run:${runId}`,
      facts: { status: run.status, reason: reason ?? null, asks: run.cancelAsks + 1 },
      now: context.now,
    });
    if (run.status === "queued") await endQueued(context, tx, jobs, run, reason ?? null);
    else await askWorker(context, tx, run, reason ?? null);
  });
}

/** Checks may take long, and a person need not wait for them. */
async function isChecking(tx: Transaction, run: typeof runs.$inferSelect): Promise<boolean> {
  const ofAttempt = and(eq(attempts.runId, run.id), eq(attempts.number, run.attemptNumber));
  const found = await tx
    .select({ number: checkRounds.number })
    .from(checkRounds)
    .innerJoin(attempts, eq(attempts.id, checkRounds.attemptId))
    .where(and(ofAttempt, eq(checkRounds.state, "running")));
  return found.length > 0;
}

async function endQueued(
  context: VerbContext,
  tx: Transaction,
  jobs: Jobs,
  run: typeof runs.$inferSelect,
  text: string | null,
): Promise<void> {
  if (run.jobId && run.jobQueue) {
    await dropJob(jobs, tx, { id: run.jobId, queue: run.jobQueue });
  }
  const by = nameActor(context.actor);
  await moveRun(tx, {
    runId: run.id,
    to: "cancelled",
    fence: null,
    set: {
      endReason: "cancelled_by_operator",
      endedAt: context.now,
      cancelAskedAt: context.now,
      cancelAskedBy: by,
      cancelAsks: 1,
      waitReason: null,
    },
    actor: by,
    data: { reason: "cancelled_by_operator", ...(text ? { text } : {}) },
    now: context.now,
  });
}

async function askWorker(
  context: VerbContext,
  tx: Transaction,
  { id: runId, cancelAskedAt, cancelAskedBy, cancelAsks }: typeof runs.$inferSelect,
  text: string | null,
): Promise<void> {
  const by = nameActor(context.actor);
  await tx
    .update(runs)
    .set({
      cancelAskedAt: cancelAskedAt ?? context.now,
      cancelAskedBy: cancelAskedBy ?? by,
      cancelAsks: cancelAsks + 1,
    })
    .where(eq(runs.id, runId));
  await tx.execute(sql`select pg_notify(${runControlChannel}, ${runId})`);
  const words = [cancelAskedAt ? "Asked again: the next step is taken at once." : null, text];
  const said = words.filter(Boolean).join(" ");
  await appendEvent(tx, {
    runId,
    kind: "cancel_asked",
    actor: by,
    data: said ? { text: said } : {},
    now: context.now,
  });
}
