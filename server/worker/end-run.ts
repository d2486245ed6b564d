import { eq, sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { agentSessions, attempts, originCopies } from "@/db/schema";
import { type EndReason, endReasonFacts } from "@/server/domain/end-reasons";
import { decideAfterAttempt, defaultRetryPolicy } from "@/server/domain/retry-policy";
import { addUsage, type Usage } from "@/server/domain/usage";
import { decideVerdict, declaresNoChange } from "@/server/domain/verdicts";
import { completeJob } from "@/server/jobs/held-job";
import { sendRunJob } from "@/server/jobs/send-run-job";
import type { EventFact } from "@/server/runs/append-event";
import { moveRun } from "@/server/runs/move-run";
import type { CollectedWork } from "./collect-work";
import { type Hold, type WorkerContext, workerActor } from "./context";
import { sumCommits } from "./finish-attempt";
import type { Work } from "./load-work";

export interface Ending {
  collected: CollectedWork | null;
  /** Why the work could not be collected; null when it was. */
  problem: string | null;
  survivors: number[];
  /** Why the work was not delivered although it was to be; null: it was, or nothing was to be. */
  deliveryProblem?: string | null;
  /** What is told of the work, before the end itself. */
  facts: EventFact[];
}

/** Ends the attempt, and with it the run or its turn: run, events and job in the caller's transaction. */
export async function endRun(
  context: WorkerContext,
  tx: Transaction,
  hold: Hold,
  work: Work,
  ending: Ending,
): Promise<void> {
  const now = new Date();
  const asEnded = work.attempt.endReason ?? "internal_error";
  const reason: EndReason =
    asEnded !== "completed"
      ? asEnded
      : ending.problem
        ? "workspace_failed"
        : ending.deliveryProblem
          ? "delivery_failed"
          : asEnded;
  await tx
    .update(attempts)
    .set({ endedAt: now, endReason: reason, headCommit: ending.collected?.headCommit ?? null })
    .where(eq(attempts.id, hold.attemptId));
  if (work.repository.keptAtOriginSince && ending.collected) {
    await planOriginCopy(tx, hold, ending.collected);
  }
  if (work.attempt.sessionCostUsd !== null) {
    await tx
      .update(agentSessions)
      .set({ costUsd: work.attempt.sessionCostUsd })
      .where(eq(agentSessions.id, work.agentSession.id));
  }
  const attemptsSpent = work.run.attemptsSpent + (reason === "shutdown" ? 0 : 1);
  const after = decideAfterAttempt(defaultRetryPolicy, reason, attemptsSpent, now);
  const held = await completeJob(context.jobs, tx, hold.job);
  if (!held) context.log(`run ${hold.runId}: its job had gone already`);
  const isWanted = work.run.cancelAskedAt === null;
  if (after.next === "attempt" && isWanted) {
    await queueAgain(context, tx, hold, work, { ending, reason, attemptsSpent, after, now });
  } else {
    await endForGood(context, tx, hold, work, { ending, reason, attemptsSpent, now });
  }
}

/** Another host can go on from what is at the origin; `copyToOrigin` brings it there. */
async function planOriginCopy(
  tx: Transaction,
  { attemptId, runId }: Hold,
  { headCommit, commits, snapshot }: CollectedWork,
): Promise<void> {
  if (commits.length === 0 && !snapshot) return;
  await tx
    .insert(originCopies)
    .values({ attemptId, runId, headCommit, tries: 0, nextTryAt: sql`now()` })
    .onConflictDoNothing();
}

interface End {
  ending: Ending;
  reason: EndReason;
  attemptsSpent: number;
  now: Date;
}

async function queueAgain(
  context: WorkerContext,
  tx: Transaction,
  hold: Hold,
  work: Work,
  end: End & { after: { availableAt: Date } },
): Promise<void> {
  const { availableAt } = end.after;
  const sent = await sendRunJob(context.jobs, tx, {
    runId: hold.runId,
    workspaceId: work.workspace.id,
    workerName: context.worker.name,
    priority: work.run.priority,
    availableAt,
  });
  await moveRun(tx, {
    runId: hold.runId,
    to: "queued",
    fence: hold.fence,
    set: {
      attemptsSpent: end.attemptsSpent,
      availableAt,
      waitReason: "retry_delay",
      jobId: sent.jobId,
      jobQueue: sent.queue,
      pid: null,
      ...usageColumns(work, work.run),
    },
    actor: workerActor(context),
    data: { reason: end.reason, attempt: hold.attemptNumber, availableAt },
    before: describeEnding(context, end.ending),
    now: end.now,
  });
}

async function endForGood(
  context: WorkerContext,
  tx: Transaction,
  hold: Hold,
  work: Work,
  { ending, reason, attemptsSpent, now }: End,
): Promise<void> {
  const { collected, problem, deliveryProblem } = ending;
  const reasonAtEnd: EndReason =
    work.run.cancelAskedAt && reason === "worker_lost" ? "cancelled_by_operator" : reason;
  const { status } = endReasonFacts[reasonAtEnd];
  const hasChanges = (collected?.commits.length ?? 0) > 0;
  const verdict =
    status === "succeeded"
      ? decideVerdict({
          hasChanges,
          checksPassed: null,
          declaredNoChange: declaresNoChange(work.attempt.result),
        })
      : null;
  await moveRun(tx, {
    runId: hold.runId,
    to: status,
    fence: hold.fence,
    set: {
      endReason: reasonAtEnd,
      endedAt: now,
      verdict,
      attemptsSpent,
      result: work.attempt.result,
      error: [work.attempt.error, problem, deliveryProblem].filter(Boolean).join("\n") || null,
      ...usageColumns(work, work.run),
      ...(collected
        ? {
            headCommit: collected.headCommit,
            filesChanged: collected.filesChanged,
            ...sumCommits(collected.commits),
          }
        : {}),
    },
    actor:
      work.run.cancelAskedBy && status === "cancelled"
        ? work.run.cancelAskedBy
        : workerActor(context),
    data: { reason: reasonAtEnd, verdict, attempt: hold.attemptNumber },
    before: describeEnding(context, ending),
    now,
  });
}

/** Whoever ended the run, the worker kept its work. */
function describeEnding(context: WorkerContext, { facts, survivors }: Ending): EventFact[] {
  const actor = workerActor(context);
  const text = "Processes of this run could not be ended.";
  const notice: EventFact = { kind: "notice", data: { text, survivors } };
  return [...facts, ...(survivors.length > 0 ? [notice] : [])].map((fact) => ({ ...fact, actor }));
}

/** The run's usage with this attempt's added; unknown stays unknown. */
function usageColumns(work: Work, run: Usage): Usage {
  const { inputTokens, outputTokens, cachedTokens, costUsd, turns } = addUsage(run, work.attempt);
  return { inputTokens, outputTokens, cachedTokens, costUsd, turns };
}
