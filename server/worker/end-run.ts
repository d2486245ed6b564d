import { eq, sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { agentSessions, attempts, originCopies } from "@/db/schema";
import { type EndReason, endReasonFacts } from "@/server/domain/end-reasons";
import {
  type AfterAttempt,
  decideAfterAttempt,
  defaultRetryPolicy,
  spendsRetry,
} from "@/server/domain/retry-policy";
import { addUsage, type Usage } from "@/server/domain/usage";
import { goOnAfterUsageLimit } from "@/server/domain/usage-limit";
import { decideVerdict, declaresNoChange } from "@/server/domain/verdicts";
import { completeJob } from "@/server/jobs/held-job";
import { sendRunJob } from "@/server/jobs/send-run-job";
import type { EventFact } from "@/server/runs/append-event";
import { moveRun } from "@/server/runs/move-run";
import type { CollectedWork } from "./collect-work";
import type { CheckedWork } from "./commands/run-checks";
import { type Hold, type WorkerContext, workerActor } from "./context";
import { sumCommits } from "./finish-attempt";
import { decideUsageLimit, describeUsageLimit } from "./limits/decide-usage-limit";
import type { Work } from "./load-work";

/** What an attempt left, as far as its end tells of it. */
export interface EndedWork extends Pick<CollectedWork, "headCommit" | "filesChanged"> {
  commits: Pick<CollectedWork["commits"][number], "additions" | "deletions">[];
  snapshot: object | null;
}

export interface Ending {
  collected: EndedWork | null;
  /** Why the work could not be collected; null when it was. */
  problem: string | null;
  survivors: number[];
  /** Why the work was not delivered although it was to be; null: it was, or nothing was to be. */
  deliveryProblem?: string | null;
  /** What is told of the work, before the end itself. */
  facts: EventFact[];
  /** What the checks came to; null where none were run. */
  checks?: CheckedWork | null;
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
        : (reasonOfChecks(ending.checks) ?? (ending.deliveryProblem ? "delivery_failed" : asEnded));
  const isSentBack = ending.checks?.decision === "sent_back";
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
  const attemptsSpent = work.run.attemptsSpent + (spendsRetry(reason) && !isSentBack ? 1 : 0);
  const after = isSentBack
    ? ({ next: "attempt", availableAt: now, reason, waitReason: "checks_round" } as const)
    : reason === "usage_limit"
      ? await decideUsageLimit(tx, work, now)
      : decideAfterAttempt(defaultRetryPolicy, reason, attemptsSpent, now);
  const held = await completeJob(context.jobs, tx, hold.job);
  if (!held) context.log(`run ${hold.runId}: its job had gone already`);
  const isWanted = work.run.cancelAskedAt === null;
  if (after.next === "attempt" && isWanted) {
    await queueAgain(context, tx, hold, work, { ending, reason, attemptsSpent, after, now });
  } else {
    await endForGood(context, tx, hold, work, { ending, reason, attemptsSpent, now });
  }
}

/** Null when they passed, or there were none: then the attempt ended as the agent did. */
function reasonOfChecks(checks: Ending["checks"]): EndReason | null {
  if (!checks || checks.decision === "passed") return null;
  return checks.decision === "cancelled" ? "cancelled_by_operator" : "checks_failed";
}

/** Another host can go on from what is at the origin; `copyToOrigin` brings it there. */
async function planOriginCopy(
  tx: Transaction,
  { attemptId, runId }: Hold,
  { headCommit, commits, snapshot }: EndedWork,
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
  end: End & { after: Extract<AfterAttempt, { next: "attempt" }> },
): Promise<void> {
  const { availableAt, waitReason } = end.after;
  const goesOn = end.ending.checks?.goOnMessage ?? null;
  const met = waitReason === "usage_limit" ? [describeUsageLimit(hold, work, availableAt)] : [];
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
      waitReason,
      ...(goesOn ? { goOnMessage: goesOn } : {}),
      ...(waitReason === "usage_limit" && {
        goOnMessage: goOnAfterUsageLimit(work.run.goOnMessage ?? work.run.message),
      }),
      jobId: sent.jobId,
      jobQueue: sent.queue,
      pid: null,
      ...usageColumns(work, work.run),
    },
    actor: workerActor(context),
    data: { reason: end.reason, attempt: hold.attemptNumber, availableAt, waitReason },
    before: describeEnding(context, {
      ...end.ending,
      facts: [...end.ending.facts, ...met],
    }),
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
          checksPassed: ending.checks ? ending.checks.decision === "passed" : null,
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
      error:
        [work.attempt.error, problem, ending.checks?.problem, deliveryProblem]
          .filter(Boolean)
          .join("\n") || null,
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
function describeEnding(context: WorkerContext, ending: Ending): EventFact[] {
  const { facts, survivors } = ending;
  const actor = workerActor(context);
  const text = "Processes of this run could not be ended.";
  const notice: EventFact = { kind: "notice", data: { text, survivors } };
  const all = [
    ...facts,
    ...describeRound(ending.checks),
    ...(survivors.length > 0 ? [notice] : []),
  ];
  return all.map((fact) => ({ ...fact, actor }));
}

function describeRound(checks: Ending["checks"]): EventFact[] {
  if (!checks) return [];
  const { decision, round, problem, leftFiles } = checks;
  const files = leftFiles.join(", ");
  const left: EventFact[] =
    files === ""
      ? []
      : [{ kind: "notice", data: { text: `The checks changed files in the workspace: ${files}` } }];
  if (decision !== "sent_back") return left;
  return [...left, { kind: "checks_sent_back", data: { round, text: problem ?? "" } }];
}

/** The run's usage with this attempt's added; unknown stays unknown. */
function usageColumns(work: Work, run: Usage): Usage {
  const { inputTokens, outputTokens, cachedTokens, costUsd, turns } = addUsage(run, work.attempt);
  return { inputTokens, outputTokens, cachedTokens, costUsd, turns };
}
