import { eq } from "drizzle-orm";
import { isDatabaseAway } from "@/db/errors";
import { workspaces } from "@/db/schema";
import { deleteTree } from "@/server/workspaces/delete-tree";
import { shadowPath } from "@/server/workspaces/layout";
import { measureWorkspace } from "@/server/workspaces/measure-workspace";
import type { WorkerContext } from "../context";
import { endItem } from "./end-item";
import { holdWorkspace } from "./hold-workspace";
import { keepAndRemove, type RemovedWork } from "./keep-and-remove";
import { type MarkedWorkspace, markRemoving, setState } from "./mark-removing";
import type { CleanupTask } from "./take-item";

/**
 * Removes a workspace that is due: marked under its lock, captured, recorded, destroyed, in this order.
 * A kill at any point is ended by the next worker of this name.
 * @throws Conflict, NotFound, RemovalRefused, GitFailed: the workspace stays as it was.
 */
export async function removeDueWorkspace(context: WorkerContext, task: CleanupTask): Promise<void> {
  const { workspaceId } = task;
  if (!workspaceId) throw new Error(`item ${task.id} names no workspace`);
  await holdWorkspace(workspaceId, async () => {
    const marked = await markRemoving(context, task, workspaceId);
    const { repositoryId } = marked.workspace;
    const { bytes } = await measureWorkspace({ home: context.home, repositoryId, workspaceId });
    const removed = await removeOrPutBack(context, marked);
    const now = new Date();
    await context.db.transaction(async (tx) => {
      await tx
        .update(workspaces)
        .set({ state: "removed", removedAt: now, bytes: 0 })
        .where(eq(workspaces.id, workspaceId));
      const freedBytes = bytes || task.bytes || 0;
      const facts = { path: marked.workspace.path, ...removed };
      const action = "workspace.removed";
      await endItem(tx, task, { status: "removed", freedBytes, action, facts }, now);
    });
  });
}

async function removeOrPutBack(
  context: WorkerContext,
  { workspace, facts, isGone }: MarkedWorkspace,
): Promise<RemovedWork> {
  if (isGone || !facts) {
    await deleteTree(shadowPath(context.home, workspace.id));
    return { filesCommit: workspace.headCommit, snapshotRef: null };
  }
  try {
    return await keepAndRemove(context, workspace, facts.rules.ignored);
  } catch (error) {
    // With the database away the row stays `removing`, and the item is taken up again.
    if (!isDatabaseAway(error)) {
      const state = workspace.state === "creating" ? "creating" : "ready";
      await setState(context.db, workspace.id, state);
    }
    throw error;
  }
}
