import { and, eq, inArray } from "drizzle-orm";
import { z } from "zod";
import { repositories, runs, sessions, workspaces } from "@/db/schema";
import { Conflict, NotFound, Unprocessable } from "@/server/domain/errors";
import { runIdSchema, type Sha, shaSchema, workspaceIdSchema } from "@/server/domain/ids";
import { heldStatuses } from "@/server/domain/run-status";
import { exists } from "@/server/workspaces/exists";
import { workspacePath } from "@/server/workspaces/layout";
import { releaseWorkspace } from "@/server/workspaces/quarantine-workspace";
import { restoreWorkspace } from "@/server/workspaces/restore-workspace";
import { holdWorkspace } from "../cleanup/hold-workspace";
import type { WorkerContext } from "../context";

const inputSchema = z.looseObject({
  workspaceId: workspaceIdSchema,
  /** Null: the recorded head and what was kept beside the branches. Out of quarantine the folder itself. */
  sha: shaSchema.nullable(),
});

type Workspace = typeof workspaces.$inferSelect;

/**
 * Makes a workspace whose folder is gone again, at its own path. Its row says `creating` before anything
 * is made; a call that was killed is completed by the next one.
 */
export async function answerRestoreWorkspace(
  context: WorkerContext,
  input: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const { workspaceId, sha } = inputSchema.parse(input);
  await holdWorkspace(workspaceId, () => restore(context, workspaceId, sha));
  return { workspaceId };
}

async function restore(
  context: WorkerContext,
  workspaceId: Workspace["id"],
  sha: Sha | null,
): Promise<void> {
  const { db } = context;
  const workspace = await markCreating(context, workspaceId, sha);
  if (workspace.state === "ready") return;
  const isRelease = workspace.quarantinePath !== null;
  if (isRelease) await release(context, workspace);
  else await makeAgain(context, workspace, sha);
  await db
    .update(workspaces)
    .set({
      state: "ready",
      removedAt: null,
      bytes: null,
      usedAt: new Date(),
      ...notInQuarantine,
    })
    .where(and(eq(workspaces.id, workspaceId), eq(workspaces.state, "creating")));
}

/** @returns the row as it stood, but `ready` only when its folder is there and nothing is to be done. */
async function markCreating(
  context: WorkerContext,
  id: Workspace["id"],
  sha: Sha | null,
): Promise<Workspace> {
  return context.db.transaction(async (tx) => {
    const [workspace] = await tx
      .select()
      .from(workspaces)
      .where(eq(workspaces.id, id))
      .for("update");
    if (!workspace) throw new NotFound("workspace", id);
    const [holder] = await tx
      .select({ number: runs.number })
      .from(runs)
      .where(and(eq(runs.workspaceId, id), inArray(runs.status, [...heldStatuses])));
    if (holder) {
      throw new Conflict(`Run #${holder.number} works in this workspace.`, {
        hint: "Wait until it ends.",
      });
    }
    const folder = workspacePath(context.home, workspace.repositoryId, id);
    if (refuseOrKeep(workspace, await exists(folder), sha)) return { ...workspace, state: "ready" };
    await tx
      .update(workspaces)
      .set({
        state: "creating",
        workerId: context.worker.id,
        path: folder,
        ...(sha ? { headCommit: sha } : {}),
        ...(isReleased(workspace) ? {} : notInQuarantine),
      })
      .where(eq(workspaces.id, id));
    const { quarantinePath, quarantineWhy } = isReleased(workspace) ? workspace : notInQuarantine;
    return { ...workspace, state: "creating", quarantinePath, quarantineWhy };
  });
}

const notInQuarantine = { quarantinePath: null, quarantineWhy: null };

/** It comes back as it is, or was on its way back when a worker died. */
function isReleased({ state, quarantinePath }: Workspace): boolean {
  return state === "quarantined" || (state === "creating" && quarantinePath !== null);
}

/** True when it is there already as it is wanted. */
function refuseOrKeep({ state, headCommit }: Workspace, isThere: boolean, sha: Sha | null) {
  if (state === "planned" || state === "removing") {
    throw new Conflict(`The workspace is ${state}, so there is nothing to restore.`, {
      hint: state === "removing" ? "Try again when it is removed." : "Start its run instead.",
    });
  }
  if (state === "quarantined" && sha !== null) {
    throw new Conflict("The workspace is in quarantine and comes back as it is, or not at all.", {
      hint: "Leave the commit out, or restore that commit as a new workspace.",
    });
  }
  if (state !== "ready" || !isThere) return false;
  if (sha === null || sha === headCommit) return true;
  throw new Conflict("The workspace is there; restoring would write over what lies in it.", {
    hint: "Restore that commit as a new workspace, or remove this one first.",
  });
}

function release({ home, installationId }: WorkerContext, workspace: Workspace): Promise<void> {
  const { id: workspaceId, repositoryId, quarantinePath: target } = workspace;
  if (!target) throw new NotFound("folder in quarantine", workspaceId);
  return releaseWorkspace({ home, installationId, repositoryId, workspaceId, target });
}

async function makeAgain(
  context: WorkerContext,
  workspace: Workspace,
  sha: Sha | null,
): Promise<void> {
  const { id: workspaceId, repositoryId, baseCommit } = workspace;
  const wanted = sha ?? workspace.headCommit ?? baseCommit;
  const { origin, branch } = await findNames(context, workspace);
  if (!wanted || !branch) throw new Unprocessable("The workspace has no recorded commit.");
  const place = { home: context.home, repositoryId, workspaceId, confine: context.confine };
  // A workspace that is made anew belongs to no run; the id only names who asks.
  const owner = { runId: runIdSchema.parse(workspaceId), attemptNumber: 1 };
  await restoreWorkspace({
    ...place,
    ...owner,
    origin,
    branch,
    sha: wanted,
    baseCommit: baseCommit ?? wanted,
    keptFilesCommit: sha === null ? workspace.keptFilesCommit : null,
  });
}

async function findNames({ db }: WorkerContext, workspace: Workspace) {
  const [repository] = await db
    .select({ origin: repositories.origin })
    .from(repositories)
    .where(eq(repositories.id, workspace.repositoryId));
  if (!repository) throw new NotFound("repository", workspace.repositoryId);
  const sessionId = workspace.heldSessionId ?? workspace.sessionId;
  const [session] = sessionId
    ? await db.select({ branch: sessions.branch }).from(sessions).where(eq(sessions.id, sessionId))
    : [];
  return { origin: repository.origin, branch: session?.branch ?? workspace.branch };
}
