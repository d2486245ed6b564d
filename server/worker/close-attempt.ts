import { eq } from "drizzle-orm";
import { attempts } from "@/db/schema";
import type { EndReason } from "@/server/domain/end-reasons";
import type { Usage } from "@/server/domain/usage";
import { appendEvent } from "@/server/runs/append-event";
import { moveRun } from "@/server/runs/move-run";
import { awaitDatabase } from "./await-database";
import { type Hold, type WorkerContext, workerActor } from "./context";

/** How an attempt ended, as far as the agent and its process say. */
export interface AttemptOutcome {
  reason: EndReason;
  result: string | null;
  error: string | null;
  usage: Usage;
  exit: { code: number | null; signal: string | null } | null;
  /** The agent session's own running total after this attempt; null when it said none. */
  sessionCostUsd: number | null;
}

/** Commits how the agent ended and moves the run to `finishing`: from here on the work is collected. */
export async function closeAttempt(
  context: WorkerContext,
  hold: Hold,
  outcome: AttemptOutcome,
): Promise<void> {
  const now = new Date();
  await awaitDatabase(context, hold, () =>
    context.db.transaction(async (tx) => {
      await tx
        .update(attempts)
        .set({
          endReason: outcome.reason,
          exitCode: outcome.exit?.code ?? null,
          exitSignal: outcome.exit?.signal ?? null,
          result: outcome.result,
          error: outcome.error,
          sessionCostUsd: outcome.sessionCostUsd,
          ...outcome.usage,
        })
        .where(eq(attempts.id, hold.attemptId));
      await moveRun(tx, {
        runId: hold.runId,
        to: "finishing",
        fence: hold.fence,
        set: {},
        actor: workerActor(context),
        data: { reason: outcome.reason, attempt: hold.attemptNumber },
        now,
      });
      await appendEvent(tx, {
        runId: hold.runId,
        kind: "agent_ended",
        actor: workerActor(context),
        data: {
          reason: outcome.reason,
          exitCode: outcome.exit?.code ?? null,
          signal: outcome.exit?.signal ?? null,
        },
        now,
      });
    }),
  );
}
