import { and, eq } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { attempts, leftWorkspaces, runs, workers, workspaces } from "@/db/schema";
import { loseCommands } from "@/server/checks/lose-commands";
import type { RunId, WorkerId } from "@/server/domain/ids";
import { decideAfterAttempt, defaultRetryPolicy } from "@/server/domain/retry-policy";
import type { RunEventData } from "@/server/domain/run-events";
import { isHeld, isTerminal } from "@/server/domain/run-status";
import { dropJob } from "@/server/jobs/held-job";
import type { Jobs } from "@/server/jobs/jobs";
import { workerQueue } from "@/server/jobs/queues";
import { sendRunJob } from "@/server/jobs/send-run-job";
import { appendEvent, type EventFact } from "@/server/runs/append-event";
import { moveRun } from "@/server/runs/move-run";
import { canWorkspaceMove } from "./can-workspace-move";
import type { ReadRelocation } from "./read-relocation";

interface LostRun {
  runId: RunId;
  workerId: WorkerId;
  now: Date;
}

interface Release {
  run: typeof runs.$inferSelect;
  workspace: typeof workspaces.$inferSelect;
  worker: typeof workers.$inferSelect;
  relocation: ReadRelocation;
  now: Date;
}

/**
 * Takes one run off a lost host: a held one's attempt ends as `host_lost`, and the run is queued for
 * another host, or for this one when its work lies there alone.
 * @returns what became of it; null when there was nothing to do any more.
 */
export async function releaseLostRun(
  tx: Transaction,
  jobs: Jobs,
  lost: LostRun,
): Promise<"moved" | "waiting" | "ended" | null> {
  const [found] = await tx
    .select({ run: runs, workspace: workspaces, worker: workers })
    .from(runs)
    .innerJoin(workspaces, eq(workspaces.id, runs.workspaceId))
    .innerJoin(workers, eq(workers.id, lost.workerId))
    .where(eq(runs.id, lost.runId))
    .for("update", { of: [runs, workspaces] });
  if (!found?.worker.lostAt || isTerminal(found.run.status)) return null;
  const { run, workspace } = found;
  const isBoundHere =
    workspace.workerId === lost.workerId ||
    (workspace.workerId === null && run.jobQueue === workerQueue(found.worker.name));
  if (isHeld(run.status) ? run.workerId !== lost.workerId : !isBoundHere) return null;
  const relocation = await canWorkspaceMove(tx, run, lost.workerId);
  const release = { ...found, relocation, now: lost.now };
  if (isHeld(run.status)) return endHeldAttempt(tx, jobs, release);
  if (!relocation.canMove && run.waitReason === "host_lost") return null;
  await leaveBehind(tx, release, null);
  const job = await sendElsewhere(tx, jobs, release, run.availableAt);
  const waitReason = relocation.canMove ? "slot" : "host_lost";
  await tx
    .update(runs)
    .set({ ...job, waitReason })
    .where(eq(runs.id, run.id));
  await appendEvent(tx, { runId: run.id, ...tell(release), actor: sayWho(release), now: lost.now });
  return relocation.canMove ? "moved" : "waiting";
}

async function endHeldAttempt(
  tx: Transaction,
  jobs: Jobs,
  release: Release,
): Promise<"moved" | "waiting" | "ended"> {
  const { run, worker, relocation, now } = release;
  const [attempt] = await tx
    .update(attempts)
    .set({ endedAt: now, endReason: "host_lost", error: sayLost(release) })
    .where(and(eq(attempts.runId, run.id), eq(attempts.number, run.attemptNumber)))
    .returning();
  if (!attempt) throw new Error(`run ${run.id} has no attempt ${run.attemptNumber}`);
  await loseCommands(tx, attempt.id, now);
  await leaveBehind(tx, release, attempt);
  const attemptsSpent = run.attemptsSpent + 1;
  const after = decideAfterAttempt(defaultRetryPolicy, "host_lost", attemptsSpent, now);
  const actor = sayWho(release);
  const before = [tell(release), tellNotProved(attempt, worker)];
  const set = { fence: run.fence + 1, attemptsSpent, pid: null };
  if (after.next === "attempt" && !run.cancelAskedAt) {
    const job = await sendElsewhere(tx, jobs, release, after.availableAt);
    await moveRun(tx, {
      runId: run.id,
      to: "queued",
      fence: run.fence,
      set: {
        ...set,
        ...job,
        workerId: null,
        availableAt: after.availableAt,
        waitReason: relocation.canMove ? "retry_delay" : "host_lost",
      },
      actor,
      data: { reason: "host_lost", attempt: attempt.number },
      before,
      now,
    });
    return relocation.canMove ? "moved" : "waiting";
  }
  if (run.jobId && run.jobQueue) await dropJob(jobs, tx, { id: run.jobId, queue: run.jobQueue });
  await endForGood(tx, release, set, before);
  return "ended";
}

/** Cancelled while the host was away, or tried often enough. Both moves are one transaction. */
async function endForGood(
  tx: Transaction,
  release: Release,
  set: Partial<typeof runs.$inferInsert>,
  before: EventFact[],
): Promise<void> {
  const { run, now } = release;
  const isCancelled = run.cancelAskedAt !== null;
  const reason = isCancelled ? ("cancelled_by_operator" as const) : ("host_lost" as const);
  const actor = isCancelled ? (run.cancelAskedBy ?? sayWho(release)) : sayWho(release);
  const isFinishing = run.status === "finishing";
  if (!isFinishing) {
    const data: RunEventData = { reason: "host_lost", attempt: run.attemptNumber };
    await moveRun(tx, {
      ...{ runId: run.id, to: "finishing" as const, fence: run.fence, set },
      ...{ actor: sayWho(release), data, before, now },
    });
  }
  await moveRun(tx, {
    runId: run.id,
    to: isCancelled ? "cancelled" : "failed",
    fence: isFinishing ? run.fence : run.fence + 1,
    set: { ...set, endReason: reason, endedAt: now, error: sayLost(release) },
    actor,
    data: { reason, attempt: run.attemptNumber },
    ...(isFinishing ? { before } : {}),
    now,
  });
}

/** Names what lies on the lost host, so that its worker finds it when it comes back. */
async function leaveBehind(
  tx: Transaction,
  { run, workspace, worker, relocation, now }: Release,
  attempt: typeof attempts.$inferSelect | null,
): Promise<void> {
  if (attempt || (relocation.canMove && workspace.path)) {
    await tx.insert(leftWorkspaces).values({
      workerId: worker.id,
      repositoryId: workspace.repositoryId,
      workspaceId: workspace.id,
      path: workspace.workerId === worker.id ? workspace.path : null,
      runId: run.id,
      attemptId: attempt?.id ?? null,
      attempt: attempt?.number ?? run.attemptNumber,
      pid: attempt?.pid ?? null,
      leftAt: now,
    });
  }
  if (!relocation.canMove || workspace.workerId !== worker.id) return;
  await tx
    .update(workspaces)
    .set({
      workerId: null,
      path: null,
      state: "planned",
      heldSessionId: null,
      headCommit: relocation.headCommit,
      bytes: null,
    })
    .where(eq(workspaces.id, workspace.id));
}

async function sendElsewhere(
  tx: Transaction,
  jobs: Jobs,
  { run, workspace, worker, relocation }: Release,
  availableAt: Date,
): Promise<{ jobId: string; jobQueue: string }> {
  if (run.jobId && run.jobQueue) await dropJob(jobs, tx, { id: run.jobId, queue: run.jobQueue });
  const sent = await sendRunJob(jobs, tx, {
    runId: run.id,
    workspaceId: workspace.id,
    workerName: relocation.canMove ? relocation.toWorker : worker.name,
    priority: run.priority,
    availableAt,
  });
  return { jobId: sent.jobId, jobQueue: sent.queue };
}

function sayWho({ worker }: Release): string {
  return worker.lostBy ?? "system:coppice";
}

function sayLost({ worker }: Release): string {
  return `The host ${worker.host} of the worker “${worker.name}” was declared lost: ${worker.lostReason}`;
}

function tell(release: Release): EventFact {
  const { relocation } = release;
  const next = relocation.canMove
    ? "Another host goes on from what the origin has."
    : relocation.waitsFor;
  return { kind: "host_lost", data: { text: `${sayLost(release)}. ${next}` } };
}

function tellNotProved(
  attempt: typeof attempts.$inferSelect,
  worker: typeof workers.$inferSelect,
): EventFact {
  const pid = attempt.pid ? ` (process ${attempt.pid})` : "";
  return {
    kind: "notice",
    data: {
      text: `Whether the processes of attempt ${attempt.number}${pid} on ${worker.host} have ended is not proved.`,
    },
  };
}
