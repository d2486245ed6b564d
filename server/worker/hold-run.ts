import { and, eq } from "drizzle-orm";
import { runs } from "@/db/schema";
import { endAgent } from "@/server/agents/end-agent";
import { crashAt } from "@/server/domain/crash-points";
import { AttemptSuperseded, describeError } from "@/server/domain/errors";
import { completeJob, type HeldJob, touchJob } from "@/server/jobs/held-job";
import { sendRunJob } from "@/server/jobs/send-run-job";
import { type Hold, type HoldEnd, HoldEnded, type WorkerContext } from "./context";
import { driveRun } from "./drive-run";
import { type Claim, takeRun } from "./take-run";

const beatMs = 5_000;

/** A run that this process drives now. The database, not this, says what is true of it. */
interface Driven {
  hold: Hold;
  adopt(job: HeldJob): void;
  askControl(): void;
  end(why: HoldEnd): void;
}
export type DrivenRuns = Map<string, Driven>;

/** Carries one fetched job to its end: takes the run, beats, drives it, and hands over when told to stop. */
export async function holdRun(
  context: WorkerContext,
  driven: DrivenRuns,
  job: HeldJob,
): Promise<void> {
  const already = driven.get(job.runId);
  if (already) {
    // The heartbeat ran out while we lived, e.g. in an outage: the job came back to its own driver.
    already.adopt(job);
    return;
  }
  const claim = await takeRun(context, job);
  if (!claim) return;
  const run = createDriven(job, claim);
  driven.set(job.runId, run);
  const beat = setInterval(() => void beatOnce(context, run), beatMs);
  try {
    await crashAt("after:claim");
    await driveRun(context, run.hold);
    if (run.hold.job !== job) await endAdoptedJob(context, run.hold);
  } catch (error) {
    await leaveRun(context, run.hold, error);
  } finally {
    clearInterval(beat);
    driven.delete(job.runId);
  }
}

/** A job that came back while the end was being written: nobody else would end it before its heartbeat. */
async function endAdoptedJob(context: WorkerContext, hold: Hold): Promise<void> {
  await context.db.transaction((tx) => completeJob(context.jobs, tx, hold.job));
}

function createDriven(job: HeldJob, claim: Claim): Driven {
  const ending = new AbortController();
  const listeners = new Set<() => void>();
  const hold: Hold = {
    runId: job.runId,
    ...claim,
    job,
    signal: ending.signal,
    onControl: (callback) => listeners.add(callback),
  };
  return {
    hold,
    adopt: (next) => {
      hold.job = next;
    },
    askControl: () => {
      for (const listener of listeners) listener();
    },
    end: (why) => ending.abort(why),
  };
}

/** A lost job is no lost claim: only another fence on the run's row is. */
async function beatOnce(context: WorkerContext, run: Driven): Promise<void> {
  try {
    if (await touchJob(context.jobs, run.hold.job)) return;
    const [row] = await context.db
      .select({ fence: runs.fence })
      .from(runs)
      .where(eq(runs.id, run.hold.runId));
    if (row && row.fence !== run.hold.fence) run.end("superseded");
  } catch (error) {
    context.log(`run ${run.hold.runId}: no heartbeat (${describeError(error)})`);
  }
}

async function leaveRun(context: WorkerContext, hold: Hold, error: unknown): Promise<void> {
  if (error instanceof HoldEnded && error.why === "shutdown") {
    await handOver(context, hold);
  } else if (error instanceof HoldEnded || error instanceof AttemptSuperseded) {
    context.log(`run ${hold.runId}: another claim holds it; this worker writes no more`);
    await endIfTakenAway(context, hold);
  } else {
    // The run stays as it is and its job comes back when the heartbeat runs out: nothing is guessed.
    context.log(`run ${hold.runId}: ${error instanceof Error ? error.stack : String(error)}`);
  }
}

/** Another worker has the run: our agent must not write beside its own. Our own next hold goes on with it. */
async function endIfTakenAway(context: WorkerContext, hold: Hold): Promise<void> {
  const [run] = await context.db
    .select({ workerId: runs.workerId })
    .from(runs)
    .where(eq(runs.id, hold.runId));
  if (run?.workerId === context.worker.id) return;
  const mark = { runId: hold.runId, attemptId: hold.attemptId };
  const ended = await endAgent({ controlPath: hold.controlPath, mark, graceSeconds: 0 });
  if (ended.survivors.length > 0) {
    context.log(`run ${hold.runId}: could not end ${ended.survivors.join(", ")}`);
  }
}

/** A planned stop: a new job in place of this one, so that the next worker here goes on at once. */
async function handOver(context: WorkerContext, hold: Hold): Promise<void> {
  await context.db.transaction(async (tx) => {
    const [run] = await tx
      .select()
      .from(runs)
      .where(and(eq(runs.id, hold.runId), eq(runs.fence, hold.fence)))
      .for("update");
    await completeJob(context.jobs, tx, hold.job);
    if (!run) return;
    const sent = await sendRunJob(context.jobs, tx, {
      runId: run.id,
      workspaceId: run.workspaceId,
      workerName: context.worker.name,
      priority: run.priority,
      availableAt: null,
    });
    await tx
      .update(runs)
      .set({ jobId: sent.jobId, jobQueue: sent.queue })
      .where(eq(runs.id, run.id));
  });
}
