import { eq } from "drizzle-orm";
import { attempts } from "@/db/schema";
import type { EndReason } from "@/server/domain/end-reasons";
import type { ModelUsage, Usage } from "@/server/domain/usage";
import { moveRun } from "@/server/runs/move-run";
import { awaitDatabase } from "./await-database";
import { type Hold, type WorkerContext, workerActor } from "./context";
import { recordUsage } from "./limits/record-usage";
import { loadWork, type Work } from "./load-work";

/** How an attempt ended, as far as the agent and its process say. */
export interface AttemptOutcome {
  reason: EndReason;
  result: string | null;
  error: string | null;
  usage: Usage;
  exit: { code: number | null; signal: string | null } | null;
  /** The agent session's own running total after this attempt; null when it said none. */
  sessionCostUsd: number | null;
  /** What was used of each model; empty where the agent names none. */
  models?: ModelUsage[];
  /** False: more was used than was told. */
  isUsageWhole?: boolean;
  /** When the provider's usage limit resets; null when none was met or nobody said. */
  usageResetsAt?: Date | null;
}

/**
 * Commits how the agent ended and moves the run to `finishing`: from here on the work is collected.
 * @returns the work as it stands then.
 */
export async function closeAttempt(
  context: WorkerContext,
  hold: Hold,
  work: Work,
  outcome: AttemptOutcome,
): Promise<Work> {
  const now = new Date();
  return awaitDatabase(
    context,
    hold,
    () => commitEnd(context, hold, work, outcome, now),
    async () => {
      const found = await loadWork(context, hold);
      return found.run.status === "finishing" ? found : null;
    },
  );
}

async function commitEnd(
  context: WorkerContext,
  hold: Hold,
  work: Work,
  outcome: AttemptOutcome,
  now: Date,
): Promise<Work> {
  return context.db.transaction(async (tx) => {
    const [attempt] = await tx
      .update(attempts)
      .set({
        endReason: outcome.reason,
        exitCode: outcome.exit?.code ?? null,
        exitSignal: outcome.exit?.signal ?? null,
        result: outcome.result,
        error: outcome.error,
        sessionCostUsd: outcome.sessionCostUsd,
        usageResetsAt: outcome.usageResetsAt ?? null,
        ...outcome.usage,
      })
      .where(eq(attempts.id, hold.attemptId))
      .returning();
    if (attempt?.agentStartedAt) {
      await recordUsage(tx, { attemptId: attempt.id, agent: work.run.agent, outcome, at: now });
    }
    const { cancelAskedAt, cancelAskedBy } = await moveRun(tx, {
      runId: hold.runId,
      to: "finishing",
      fence: hold.fence,
      set: {},
      actor: workerActor(context),
      data: { reason: outcome.reason, attempt: hold.attemptNumber },
      after: [
        {
          kind: "agent_ended",
          data: {
            reason: outcome.reason,
            exitCode: outcome.exit?.code ?? null,
            signal: outcome.exit?.signal ?? null,
          },
        },
      ],
      now,
    });
    if (!attempt) throw new Error(`attempt ${hold.attemptId} is gone`);
    const run = { ...work.run, status: "finishing" as const, cancelAskedAt, cancelAskedBy };
    return { ...work, attempt, run };
  });
}
