import { existsSync } from "node:fs";
import { eq } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { attempts, workspaces } from "@/db/schema";
import { endAgent } from "@/server/agents/end-agent";
import { readControl } from "@/server/agents/read-control";
import { awaitDatabase } from "./await-database";
import type { AttemptOutcome } from "./close-attempt";
import type { Hold, WorkerContext } from "./context";
import { endRun } from "./end-run";
import { isProvedDead } from "./is-proved-dead";
import { loadWork, type Work } from "./load-work";

/**
 * Ends an attempt that failed before its agent was let go: there is no work of it to collect, only
 * perhaps a waiting process to end.
 */
export async function endUnbegunAttempt(
  context: WorkerContext,
  hold: Hold,
  outcome: AttemptOutcome,
): Promise<void> {
  let survivors: number[] = [];
  if (!isProvedDead(readControl(hold.controlPath))) {
    const mark = { runId: hold.runId, attemptId: hold.attemptId };
    const ended = await endAgent({ controlPath: hold.controlPath, mark, graceSeconds: 0 });
    survivors = ended.survivors;
  }
  await awaitDatabase(context, hold, async () => {
    const work = await loadWork(context, hold);
    await context.db.transaction(async (tx) => {
      const [attempt] = await tx
        .update(attempts)
        .set({ endReason: outcome.reason, error: outcome.error })
        .where(eq(attempts.id, hold.attemptId))
        .returning();
      await settleWorkspace(tx, work);
      if (!attempt) throw new Error(`attempt ${hold.attemptId} is gone`);
      await endRun(
        context,
        tx,
        hold,
        { ...work, attempt },
        {
          collected: null,
          problem: null,
          survivors,
          facts: [],
        },
      );
    });
  });
}

/** Whether the workspace came to be before the attempt failed is a fact of the disk. */
async function settleWorkspace(tx: Transaction, { workspace }: Work): Promise<void> {
  if (workspace.state !== "creating" || !workspace.path) return;
  const state = existsSync(workspace.path) ? "ready" : "planned";
  await tx.update(workspaces).set({ state }).where(eq(workspaces.id, workspace.id));
}
