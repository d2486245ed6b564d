import { existsSync } from "node:fs";
import { and, desc, eq, inArray } from "drizzle-orm";
import { z } from "zod";
import { runs, sessions, workspaces } from "@/db/schema";
import { Conflict, NotFound } from "@/server/domain/errors";
import { type WorkspaceId, workspaceIdSchema } from "@/server/domain/ids";
import { heldStatuses } from "@/server/domain/run-status";
import { workspacePath } from "@/server/workspaces/layout";
import { proveWorkspace } from "@/server/workspaces/prove-workspace";
import { removeWorkspace } from "@/server/workspaces/remove-workspace";
import type { WorkerContext } from "../context";

const inputSchema = z.looseObject({ workspaceId: workspaceIdSchema });

/**
 * Removes a workspace that no run holds, after proving that all its work is in the mirror. The row
 * says `removing` first, so that no run takes it and a killed removal is found and ended.
 */
export async function answerRemoveWorkspace(
  context: WorkerContext,
  input: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const { workspaceId } = inputSchema.parse(input);
  const workspace = await markRemoving(context, workspaceId);
  try {
    if (workspace.state !== "planned") await proveAndRemove(context, workspace);
  } catch (error) {
    await setState(
      context,
      workspaceId,
      workspace.state === "removing" ? "ready" : workspace.state,
    );
    throw error;
  }
  await setState(context, workspaceId, "removed");
  return { workspaceId };
}

async function markRemoving(context: WorkerContext, id: WorkspaceId) {
  return context.db.transaction(async (tx) => {
    const [workspace] = await tx
      .select()
      .from(workspaces)
      .where(eq(workspaces.id, id))
      .for("update");
    if (!workspace) throw new NotFound("workspace", id);
    if (workspace.state === "removed") throw new Conflict("The workspace is removed already.");
    const [holder] = await tx
      .select({ number: runs.number })
      .from(runs)
      .where(and(eq(runs.workspaceId, id), inArray(runs.status, [...heldStatuses])));
    if (holder) {
      throw new Conflict(`Run #${holder.number} works in this workspace.`, {
        hint: "Cancel it, or wait until it ends.",
      });
    }
    if (workspace.state !== "planned") {
      await tx.update(workspaces).set({ state: "removing" }).where(eq(workspaces.id, id));
    }
    return workspace;
  });
}

/** A killed removal leaves the row as `removing` and no folder: then there is nothing left to prove. */
async function proveAndRemove(
  context: WorkerContext,
  workspace: typeof workspaces.$inferSelect,
): Promise<void> {
  const path = workspacePath(context.home, workspace.repositoryId, workspace.id);
  if (workspace.state === "removing" && !existsSync(path)) return;
  const [last] = await context.db
    .select({ id: runs.id, attempt: runs.attemptNumber, branch: sessions.branch })
    .from(runs)
    .innerJoin(sessions, eq(sessions.id, runs.sessionId))
    .where(eq(runs.workspaceId, workspace.id))
    .orderBy(desc(runs.number))
    .limit(1);
  const parent = workspace.headCommit ?? workspace.baseCommit;
  if (!last || !parent) throw new Conflict("The workspace has no recorded commit to compare with.");
  const capture = await proveWorkspace({
    home: context.home,
    repositoryId: workspace.repositoryId,
    workspaceId: workspace.id,
    runId: last.id,
    attemptNumber: last.attempt,
    branch: last.branch,
    parent,
    message: "Keep what was in the workspace when it was removed\n",
    confine: context.confine,
  });
  await removeWorkspace({
    home: context.home,
    installationId: context.installationId,
    repositoryId: workspace.repositoryId,
    workspaceId: workspace.id,
    capture,
    mayLoseIgnored: true,
  });
}

async function setState(
  context: WorkerContext,
  id: WorkspaceId,
  state: typeof workspaces.$inferSelect.state,
): Promise<void> {
  await context.db
    .update(workspaces)
    .set({ state, ...(state === "removed" ? { removedAt: new Date(), bytes: 0 } : {}) })
    .where(eq(workspaces.id, id));
}
