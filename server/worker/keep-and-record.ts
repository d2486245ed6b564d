import { desc, eq, max } from "drizzle-orm";
import { restores, runs, sessions, snapshots, workspaces } from "@/db/schema";
import { Conflict } from "@/server/domain/errors";
import type { IgnoredChoice } from "@/server/domain/workspace-audit";
import { appendEvent } from "@/server/runs/append-event";
import { type KeptWorkspace, keepWorkspace } from "@/server/workspaces/keep-workspace";
import type { WorkspaceProof } from "@/server/workspaces/prove-workspace";
import { type WorkerContext, workerActor } from "./context";

type Workspace = typeof workspaces.$inferSelect;
type LastRun = Awaited<ReturnType<typeof findLastRun>>;

/**
 * Stores all that a workspace holds and commits where it is to the database: the snapshot under its last
 * run, the new head and the files kept beside the branches in its own row. Only after that may its folder
 * go. Doing it again records nothing twice.
 * @throws Conflict when nothing is known to compare with; GitFailed.
 */
export async function keepAndRecord(
  context: WorkerContext,
  workspace: Workspace,
  ignored: IgnoredChoice,
): Promise<WorkspaceProof> {
  const last = await findLastRun(context, workspace);
  const parent = workspace.headCommit ?? workspace.baseCommit;
  if (!last || !parent) throw new Conflict("The workspace has no recorded commit to compare with.");
  const kept = await keepWorkspace({
    home: context.home,
    repositoryId: workspace.repositoryId,
    workspaceId: workspace.id,
    runId: last.id,
    attemptNumber: Math.max(1, last.attempt),
    branch: last.branch,
    parent,
    message: composeMessage(last),
    confine: context.confine,
    ignored,
    keptFilesCommit: workspace.keptFilesCommit,
  });
  await record(context, workspace, last, kept);
  return kept.proof;
}

/** The run that worked in it last; before the first, the one whose work was restored in it. */
async function findLastRun({ db }: WorkerContext, workspace: Workspace) {
  const columns = {
    id: runs.id,
    number: runs.number,
    agent: runs.agent,
    sessionId: runs.sessionId,
    attempt: runs.attemptNumber,
  };
  const [last] = await db
    .select({ ...columns, branch: sessions.branch })
    .from(runs)
    .innerJoin(sessions, eq(sessions.id, runs.sessionId))
    .where(eq(runs.workspaceId, workspace.id))
    .orderBy(desc(runs.number))
    .limit(1);
  if (last) return last;
  const [restored] = await db
    .select({ ...columns, branch: restores.branch })
    .from(restores)
    .innerJoin(runs, eq(runs.id, restores.runId))
    .where(eq(restores.workspaceId, workspace.id));
  return restored ?? null;
}

async function record(
  context: WorkerContext,
  workspace: Workspace,
  last: NonNullable<LastRun>,
  { proof, beside }: KeptWorkspace,
): Promise<void> {
  const { sha, ref, leftOut } = proof.capture;
  await context.db.transaction(async (tx) => {
    await tx
      .update(workspaces)
      .set({
        headCommit: proof.filesCommit,
        ...(beside.commit ? { keptFilesCommit: beside.commit } : {}),
      })
      .where(eq(workspaces.id, workspace.id));
    if (!sha || !ref) return;
    const known = await tx
      .select({ sha: snapshots.sha })
      .from(snapshots)
      .where(eq(snapshots.runId, last.id));
    if (known.some((one) => one.sha === sha)) return;
    const [newest] = await tx
      .select({ number: max(snapshots.number) })
      .from(snapshots)
      .where(eq(snapshots.runId, last.id));
    const number = Math.max(newest?.number ?? 0, last.attempt) + 1;
    await tx
      .insert(snapshots)
      .values({ runId: last.id, number, sha, ref, leftOut, at: new Date() });
    await appendEvent(tx, {
      runId: last.id,
      kind: "snapshot_made",
      actor: workerActor(context),
      data: { sha, ref, leftOut, text: "Kept before its workspace was taken away." },
      now: new Date(),
    });
  });
}

function composeMessage(last: NonNullable<LastRun>): string {
  return [
    `Keep what was in the workspace of run #${last.number}`,
    "",
    "Coppice made this commit before it took the workspace away.",
    "",
    `Coppice-Run: ${last.id}`,
    `Coppice-Attempt: ${last.attempt}`,
    `Coppice-Agent: ${last.agent}`,
    `Coppice-Session: ${last.sessionId}`,
    "",
  ].join("\n");
}
