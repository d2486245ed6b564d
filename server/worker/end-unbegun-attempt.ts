import { existsSync } from "node:fs";
import { eq } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { attempts, workspaces } from "@/db/schema";
import { endAgent } from "@/server/agents/end-agent";
import { readControl } from "@/server/agents/read-control";
import { describeError } from "@/server/domain/errors";
import type { EventFact } from "@/server/runs/append-event";
import { removeHalfMadeWorkspace } from "@/server/workspaces/open-workspace";
import { awaitDatabase } from "./await-database";
import type { AttemptOutcome } from "./close-attempt";
import { endOpenCommands } from "./commands/end-open-commands";
import type { Hold, WorkerContext } from "./context";
import { endRun } from "./end-run";
import { findEnd } from "./find-end";
import { isProvedDead } from "./is-proved-dead";
import { loadWork, type Work } from "./load-work";
import { describeStop } from "./stop-agent";

/**
 * Ends an attempt that failed before its agent was let go: there is no work of it to collect, only
 * perhaps a waiting process to end.
 */
export async function endUnbegunAttempt(
  context: WorkerContext,
  hold: Hold,
  outcome: AttemptOutcome,
): Promise<void> {
  const isCancelled = outcome.reason === "cancelled_by_operator";
  const open = isCancelled ? "cancelled" : "lost";
  const left = await endOpenCommands(context, hold, hold.attemptId, open);
  const { survivors: alive, facts } = await endWaitingProcess(hold, outcome);
  const survivors = [...new Set([...left, ...alive])];
  const commitEnd = async () => {
    const work = await loadWork(context, hold);
    await clearHalfMade(context, work);
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
          facts,
        },
      );
    });
  };
  await awaitDatabase(context, hold, commitEnd, () => findEnd(context, hold));
}

/**
 * Cancelled or failed before it was opened again: no later attempt may ever come by. What cannot be
 * cleared now must not keep the run from its end; the doctor finds it.
 */
async function clearHalfMade(context: WorkerContext, { run, repository, workspace }: Work) {
  const place = { home: context.home, repositoryId: repository.id, workspaceId: workspace.id };
  await removeHalfMadeWorkspace(place).catch((error: unknown) =>
    context.log(`run ${run.id}: what was half made could not be cleared: ${describeError(error)}`),
  );
}

/** The agent's process waited for its go: it has done nothing that it should be asked to end. */
async function endWaitingProcess(
  hold: Hold,
  { reason }: AttemptOutcome,
): Promise<{ survivors: number[]; facts: EventFact[] }> {
  if (isProvedDead(readControl(hold.controlPath))) return { survivors: [], facts: [] };
  const mark = { runId: hold.runId, attemptId: hold.attemptId };
  const ended = await endAgent({ controlPath: hold.controlPath, mark, graceSeconds: 0 });
  const stop = { reason, workspacePath: null };
  return { survivors: ended.survivors, facts: [describeStop(hold, stop, ended)] };
}

/** Whether the workspace came to be before the attempt failed is a fact of the disk. */
async function settleWorkspace(tx: Transaction, { workspace }: Work): Promise<void> {
  if (workspace.state !== "creating" || !workspace.path) return;
  const state = existsSync(workspace.path) ? "ready" : "planned";
  await tx.update(workspaces).set({ state }).where(eq(workspaces.id, workspace.id));
}
