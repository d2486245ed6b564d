import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { violatedConstraint } from "@/db/errors";
import { attempts, runs, workers, workspaces } from "@/db/schema";
import { controlPath } from "@/server/agents/control-folder";
import { attemptIdSchema, type WorkerId } from "@/server/domain/ids";
import type { WaitReason } from "@/server/domain/run";
import { isHeld, isTerminal } from "@/server/domain/run-status";
import { completeJob, type HeldJob } from "@/server/jobs/held-job";
import { sharedQueue } from "@/server/jobs/queues";
import { sendRunJob } from "@/server/jobs/send-run-job";
import { appendEvent } from "@/server/runs/append-event";
import { moveRun } from "@/server/runs/move-run";
import { workspacePath } from "@/server/workspaces/layout";
import { type WorkerContext, workerActor } from "./context";

/** What a claim or a re-attachment gives: the rest of a `Hold` is made around it. */
export interface Claim {
  attemptId: ReturnType<typeof attemptIdSchema.parse>;
  attemptNumber: number;
  fence: number;
  controlPath: string;
}

interface Candidate {
  run: typeof runs.$inferSelect;
  workspace: typeof workspaces.$inferSelect;
}

const busyPauseMs = 1_000;
const drainedPauseMs = 5_000;
const diskPauseMs = 2_000;

/**
 * Turns a fetched job into a hold on its run: a new attempt of a queued run, or the same attempt of a
 * run that this worker held before. Null when there is nothing to do here: the job was ended, sent on
 * to the worker that has the workspace, or put back for later.
 */
export async function takeRun(context: WorkerContext, job: HeldJob): Promise<Claim | null> {
  try {
    return await context.db.transaction((tx) => takeInside(context, tx, job));
  } catch (error) {
    if (!violatedConstraint(error)?.startsWith("runs_one_held_per_")) throw error;
    await context.db.transaction((tx) => postpone(context, tx, job));
    return null;
  }
}

async function takeInside(
  context: WorkerContext,
  tx: Transaction,
  job: HeldJob,
): Promise<Claim | null> {
  const now = new Date();
  const [candidate] = await tx
    .select({ run: runs, workspace: workspaces })
    .from(runs)
    .innerJoin(workspaces, eq(workspaces.id, runs.workspaceId))
    .where(eq(runs.id, job.runId))
    .for("update");
  if (!candidate || isTerminal(candidate.run.status)) {
    await completeJob(context.jobs, tx, job);
    return null;
  }
  if (isHeld(candidate.run.status)) return attachAgain(context, tx, job, candidate, now);
  const refusal = context.findRefusal();
  if (refusal) {
    await putBack(context, tx, job, candidate, refusal);
    return null;
  }
  const isForAnyone = job.queue === sharedQueue && candidate.workspace.workerId === null;
  if (isForAnyone && !context.hasAgent(candidate.run.agent)) {
    await leaveToOthers(context, tx, job, candidate.run);
    return null;
  }
  const { workerId } = candidate.workspace;
  if (workerId !== null && workerId !== context.worker.id) {
    await sendOn(context, tx, job, candidate.run, workerId);
    return null;
  }
  if (candidate.workspace.state === "removing") {
    await postpone(context, tx, job);
    return null;
  }
  if (candidate.run.availableAt > now) {
    await replaceJob(context, tx, job, candidate.run, candidate.run.availableAt);
    return null;
  }
  if (context.disk.findShortage()) {
    await waitForDisk(context, tx, job, candidate.run, isForAnyone);
    return null;
  }
  return claim(context, tx, job, candidate, now);
}

/** Below the watermark nothing new is begun here; a run that is bound to no host may go elsewhere. */
async function waitForDisk(
  context: WorkerContext,
  tx: Transaction,
  job: HeldJob,
  run: Candidate["run"],
  isForAnyone: boolean,
): Promise<void> {
  await tx.update(runs).set({ waitReason: "disk_low" }).where(eq(runs.id, run.id));
  const again = new Date(Date.now() + diskPauseMs);
  await replaceJob(context, tx, job, run, again, isForAnyone ? null : context.worker.name);
}

/** Drained or full: a run of the shared queue is left to others, one of this host waits for it. */
async function putBack(
  context: WorkerContext,
  tx: Transaction,
  job: HeldJob,
  { run, workspace }: Candidate,
  waitReason: WaitReason,
): Promise<void> {
  const isBound = job.queue !== sharedQueue || workspace.workerId === context.worker.id;
  if (isBound) {
    await tx.update(runs).set({ waitReason }).where(eq(runs.id, run.id));
  }
  const at = new Date(Math.max(Date.now() + drainedPauseMs, run.availableAt.getTime()));
  await replaceJob(context, tx, job, run, at, isBound ? context.worker.name : null);
}

/** A run that is bound to no host yet waits for a worker that has its agent. */
async function leaveToOthers(
  context: WorkerContext,
  tx: Transaction,
  job: HeldJob,
  run: Candidate["run"],
): Promise<void> {
  await tx.update(runs).set({ waitReason: "agent_missing" }).where(eq(runs.id, run.id));
  await replaceJob(context, tx, job, run, new Date(Date.now() + busyPauseMs), null);
}

/** The workspace is another worker's: so is the run. */
async function sendOn(
  context: WorkerContext,
  tx: Transaction,
  job: HeldJob,
  run: Candidate["run"],
  workerId: WorkerId,
): Promise<void> {
  const [owner] = await tx.select().from(workers).where(eq(workers.id, workerId));
  if (!owner) throw new Error(`worker ${workerId} of run ${run.id} is not registered`);
  await replaceJob(context, tx, job, run, null, owner.name);
}

/**
 * The first claim of a workspace gives it its host; its later jobs go to that worker's queue. From here
 * on its folder may come to be, so its row says so before anything is made.
 */
async function claim(
  context: WorkerContext,
  tx: Transaction,
  job: HeldJob,
  { run, workspace }: Candidate,
  now: Date,
): Promise<Claim> {
  const attemptNumber = run.attemptNumber + 1;
  const attemptId = attemptIdSchema.parse(randomUUID());
  const path = controlPath(context.home, run.id, attemptNumber);
  if (workspace.state !== "ready") await nameFolder(context, tx, workspace);
  await tx.insert(attempts).values({
    id: attemptId,
    runId: run.id,
    number: attemptNumber,
    workerId: context.worker.id,
    controlPath: path,
    startedAt: now,
  });
  await moveRun(tx, {
    runId: run.id,
    to: "preparing",
    fence: null,
    set: {
      fence: run.fence + 1,
      attemptNumber,
      workerId: context.worker.id,
      jobId: job.id,
      jobQueue: job.queue,
      waitReason: null,
      pid: null,
    },
    actor: workerActor(context),
    data: { attempt: attemptNumber },
    now,
  });
  return { attemptId, attemptNumber, fence: run.fence + 1, controlPath: path };
}

async function nameFolder(
  context: WorkerContext,
  tx: Transaction,
  { id, repositoryId }: Candidate["workspace"],
): Promise<void> {
  await tx
    .update(workspaces)
    .set({
      workerId: context.worker.id,
      path: workspacePath(context.home, repositoryId, id),
      state: "creating",
    })
    .where(eq(workspaces.id, id));
}

/** The same attempt goes on under a new fence: its keeper and its agent may be alive. */
async function attachAgain(
  context: WorkerContext,
  tx: Transaction,
  job: HeldJob,
  { run }: Candidate,
  now: Date,
): Promise<Claim | null> {
  if (run.workerId !== context.worker.id) {
    await completeJob(context.jobs, tx, job);
    return null;
  }
  const found = await tx.select().from(attempts).where(eq(attempts.runId, run.id));
  const attempt = found.find(({ number }) => number === run.attemptNumber);
  if (!attempt) throw new Error(`run ${run.id} has no attempt ${run.attemptNumber}`);
  await tx
    .update(runs)
    .set({ fence: run.fence + 1, jobId: job.id, jobQueue: job.queue })
    .where(eq(runs.id, run.id));
  await appendEvent(tx, {
    runId: run.id,
    kind: "worker_changed",
    actor: workerActor(context),
    data: { attempt: attempt.number, text: "The worker came back and goes on with the attempt." },
    now,
  });
  return {
    attemptId: attempt.id,
    attemptNumber: attempt.number,
    fence: run.fence + 1,
    controlPath: attempt.controlPath,
  };
}

/** Another run holds the workspace or the session: this one's job comes back in a moment. */
async function postpone(context: WorkerContext, tx: Transaction, job: HeldJob): Promise<void> {
  const [run] = await tx.select().from(runs).where(eq(runs.id, job.runId)).for("update");
  if (run?.status !== "queued") {
    await completeJob(context.jobs, tx, job);
    return;
  }
  await tx.update(runs).set({ waitReason: "workspace_busy" }).where(eq(runs.id, run.id));
  await replaceJob(context, tx, job, run, new Date(Date.now() + busyPauseMs));
}

async function replaceJob(
  context: WorkerContext,
  tx: Transaction,
  job: HeldJob,
  run: typeof runs.$inferSelect,
  availableAt: Date | null,
  workerName: string | null = context.worker.name,
): Promise<void> {
  await completeJob(context.jobs, tx, job);
  const sent = await sendRunJob(context.jobs, tx, {
    runId: run.id,
    workspaceId: run.workspaceId,
    workerName,
    priority: run.priority,
    availableAt,
  });
  await tx.update(runs).set({ jobId: sent.jobId, jobQueue: sent.queue }).where(eq(runs.id, run.id));
}
