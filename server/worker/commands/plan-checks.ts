import { and, count, eq } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { checkRounds, commits, runs, snapshots } from "@/db/schema";
import { chooseChecks } from "@/server/domain/checking";
import { AttemptSuperseded } from "@/server/domain/errors";
import { readRepositorySettings } from "@/server/repositories/get-repository-settings";
import { appendEvent } from "@/server/runs/append-event";
import { awaitDatabase } from "../await-database";
import type { CollectedWork } from "../collect-work";
import { type Hold, type WorkerContext, workerActor } from "../context";
import type { EndedWork } from "../end-run";
import { sumCommits } from "../finish-attempt";
import type { Work } from "../load-work";
import { openRunRedactor } from "../open-run-redactor";
import { describeWork, recordWork } from "../record-work";
import { insertCommands, type PlannedCommand } from "./insert-commands";

export type CheckRound = typeof checkRounds.$inferSelect;

/** The attempt's round of checks, if it has one: its work is recorded then, whatever else is not. */
export async function findRound(context: WorkerContext, hold: Hold): Promise<CheckRound | null> {
  const [round] = await awaitDatabase(context, hold, () =>
    context.db.select().from(checkRounds).where(eq(checkRounds.attemptId, hold.attemptId)),
  );
  return round ?? null;
}

/**
 * Decides whether the attempt's work is checked. If so, the work and the round commit together, before
 * any check can touch the workspace. Null when there is nothing to check or nothing to check with.
 * @throws AttemptSuperseded, HoldEnded.
 */
export async function planChecks(
  context: WorkerContext,
  hold: Hold,
  work: Work,
  collected: CollectedWork | null,
): Promise<CheckRound | null> {
  const isDue = work.attempt.endReason === "completed" && work.run.cancelAskedAt === null;
  if (!collected || !isDue) return null;
  const settings = await awaitDatabase(context, hold, () =>
    readRepositorySettings(context.db, work.repository.id),
  );
  const { checks } = chooseChecks(work.definition, settings);
  if (checks.length === 0) return null;
  const planned = checks.map((check, index) => ({
    ...check,
    kind: "check" as const,
    position: index + 1,
  }));
  await awaitDatabase(
    context,
    hold,
    () => context.db.transaction((tx) => commitPlan(context, tx, hold, work, collected, planned)),
    async () => ((await findRound(context, hold)) ? undefined : null),
  );
  return findRound(context, hold);
}

async function commitPlan(
  context: WorkerContext,
  tx: Transaction,
  hold: Hold,
  work: Work,
  collected: CollectedWork,
  planned: PlannedCommand[],
): Promise<undefined> {
  const { headCommit, filesChanged } = collected;
  const isHeld = and(eq(runs.id, hold.runId), eq(runs.fence, hold.fence));
  const [held] = await tx.select({ id: runs.id }).from(runs).where(isHeld).for("update");
  if (!held) throw new AttemptSuperseded(hold.runId, hold.fence);
  const site = { ...hold, workspaceId: work.workspace.id };
  if (collected.commits.length === 0) {
    const why = "was not run: there are no changes to check";
    await insertCommands(tx, site, hold.controlPath, planned, why);
    return;
  }
  const redactor = await openRunRedactor(context, work.run, tx);
  await recordWork(redactor, tx, hold, work, collected);
  await tx
    .update(runs)
    .set({ headCommit, filesChanged, ...sumCommits(collected.commits) })
    .where(isHeld);
  const [before] = await tx
    .select({ rounds: count() })
    .from(checkRounds)
    .where(eq(checkRounds.runId, hold.runId));
  const number = (before?.rounds ?? 0) + 1;
  const { runId, attemptId } = hold;
  const now = new Date();
  await tx
    .insert(checkRounds)
    .values({ attemptId, runId, number, headCommit, filesChanged, beganAt: now });
  await insertCommands(tx, site, hold.controlPath, planned);
  const actor = workerActor(context);
  for (const fact of describeWork(collected)) await appendEvent(tx, { runId, actor, ...fact, now });
}

/** What `planChecks` has recorded of the attempt's work, for a worker that came back. */
export async function readRecorded(
  context: WorkerContext,
  hold: Hold,
  { headCommit, filesChanged }: CheckRound,
): Promise<EndedWork> {
  const found = await awaitDatabase(context, hold, () =>
    context.db
      .select({ additions: commits.additions, deletions: commits.deletions })
      .from(commits)
      .where(eq(commits.runId, hold.runId)),
  );
  const [snapshot] = await awaitDatabase(context, hold, () =>
    context.db
      .select({ sha: snapshots.sha })
      .from(snapshots)
      .where(and(eq(snapshots.runId, hold.runId), eq(snapshots.number, hold.attemptNumber))),
  );
  return { headCommit, filesChanged, commits: found, snapshot: snapshot ?? null };
}
