import { randomUUID } from "node:crypto";
import { and, eq } from "drizzle-orm";
import { z } from "zod";
import type { Transaction } from "@/db/client";
import { repositories, restores, runs, sessions, workspaces } from "@/db/schema";
import { NotFound } from "@/server/domain/errors";
import { sessionIdSchema, type WorkspaceId, workspaceIdSchema } from "@/server/domain/ids";
import { appendEvent } from "@/server/runs/append-event";
import { workspacePath } from "@/server/workspaces/layout";
import { requireCommits } from "@/server/workspaces/require-commits";
import { restoreBranch } from "@/server/workspaces/restore-branch";
import { restoreWorkspace } from "@/server/workspaces/restore-workspace";
import { type WorkerContext, workerActor } from "../context";

const inputSchema = z.looseObject({ restoreId: z.guid() });

/**
 * Makes what a restore asks for: a branch in the mirror, and with it checked out a new workspace. Rows
 * that name session, workspace and path are committed before the folder is made; a call that was killed
 * is completed by the next one.
 */
export async function answerRestoreRun(
  context: WorkerContext,
  input: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const { restoreId } = inputSchema.parse(input);
  const wanted = await loadRestore(context, restoreId);
  if (wanted.restore.state === "done") return { restoreId };
  const { home } = context;
  const { repositoryId, branch, sha } = wanted.restore;
  await requireCommits(home, repositoryId, [sha]);
  await restoreBranch({ home, repositoryId, branch, sha });
  const workspaceId =
    wanted.restore.way === "workspace" ? await makeWorkspace(context, wanted) : null;
  await context.db.transaction((tx) => recordDone(context, tx, wanted, workspaceId));
  return { restoreId };
}

type Wanted = Awaited<ReturnType<typeof loadRestore>>;

async function loadRestore({ db }: WorkerContext, id: string) {
  const [found] = await db
    .select({
      restore: restores,
      run: { id: runs.id, number: runs.number, attempt: runs.attemptNumber },
      origin: repositories.origin,
    })
    .from(restores)
    .innerJoin(runs, eq(runs.id, restores.runId))
    .innerJoin(repositories, eq(repositories.id, restores.repositoryId))
    .where(eq(restores.id, id));
  if (!found) throw new NotFound("restore", id);
  return found;
}

async function makeWorkspace(context: WorkerContext, wanted: Wanted): Promise<WorkspaceId> {
  const { restore, run, origin } = wanted;
  const workspaceId = await context.db.transaction((tx) => recordIntent(context, tx, wanted));
  const { repositoryId, branch, sha } = restore;
  const place = { home: context.home, repositoryId, workspaceId, confine: context.confine };
  const owner = { runId: run.id, attemptNumber: Math.max(1, run.attempt) };
  await restoreWorkspace({ ...place, ...owner, origin, branch, sha, baseCommit: sha });
  return workspaceId;
}

/** The session comes first, because a temporary workspace is a session's. */
async function recordIntent(
  { db: _db, home, worker }: WorkerContext,
  tx: Transaction,
  { restore, run }: Wanted,
): Promise<WorkspaceId> {
  const [current] = await tx
    .select({ workspaceId: restores.workspaceId })
    .from(restores)
    .where(eq(restores.id, restore.id))
    .for("update");
  if (current?.workspaceId) return current.workspaceId;
  const sessionId = sessionIdSchema.parse(randomUUID());
  const workspaceId = workspaceIdSchema.parse(randomUUID());
  const { repositoryId, branch, sha } = restore;
  await tx.insert(workspaces).values({
    id: workspaceId,
    repositoryId,
    kind: "temporary",
    sessionId,
    heldSessionId: sessionId,
    state: "creating",
    workerId: worker.id,
    path: workspacePath(home, repositoryId, workspaceId),
    branch,
    baseCommit: sha,
    headCommit: sha,
  });
  await tx.insert(sessions).values({
    id: sessionId,
    repositoryId,
    workspaceId,
    branch,
    title: `Restored from #${run.number} at ${sha.slice(0, 10)}`,
    createdBy: restore.askedBy,
  });
  await tx.update(restores).set({ workspaceId }).where(eq(restores.id, restore.id));
  return workspaceId;
}

async function recordDone(
  context: WorkerContext,
  tx: Transaction,
  { restore, run }: Wanted,
  workspaceId: WorkspaceId | null,
): Promise<void> {
  const now = new Date();
  const [done] = await tx
    .update(restores)
    .set({ state: "done", endedAt: now })
    .where(and(eq(restores.id, restore.id), eq(restores.state, "asked")))
    .returning({ id: restores.id });
  if (!done) return;
  if (workspaceId) {
    await tx
      .update(workspaces)
      .set({ state: "ready", usedAt: now })
      .where(and(eq(workspaces.id, workspaceId), eq(workspaces.state, "creating")));
  }
  const what = workspaceId ? "as a new workspace on the branch" : "as the branch";
  await appendEvent(tx, {
    runId: run.id,
    kind: "notice",
    actor: workerActor(context),
    data: {
      text: `${restore.sha.slice(0, 10)} was restored ${what} ${restore.branch}.`,
      sha: restore.sha,
      branch: restore.branch,
      workspaceId,
      askedBy: restore.askedBy,
    },
    now,
  });
}
