import { eq } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { workspaces } from "@/db/schema";
import { readPolicies } from "@/server/cleanup/read-policies";
import { readWorkspaceFacts } from "@/server/cleanup/read-workspace-facts";
import type { WorkspaceFacts } from "@/server/domain/cleanup";
import { decideWorkspace, rankNewest } from "@/server/domain/decide-workspace";
import { Conflict, NotFound } from "@/server/domain/errors";
import type { WorkspaceId } from "@/server/domain/ids";
import { exists } from "@/server/workspaces/exists";
import { workspacePath } from "@/server/workspaces/layout";
import type { WorkerContext } from "../context";
import type { CleanupTask } from "./take-item";

export type WorkspaceRow = typeof workspaces.$inferSelect;

export interface MarkedWorkspace {
  workspace: WorkspaceRow;
  facts: WorkspaceFacts | null;
  /** There is no folder (any more), and the rows say why: nothing is left to prove. */
  isGone: boolean;
}

/** All of one repository, because the newest of a workflow are counted among them. */
const factsLimit = 10_000;

/**
 * Sets a workspace to `removing` under its row's lock, after a fresh look at all that could keep it: a
 * run that was started before is seen here, and one that comes later waits for the removal.
 * @throws NotFound, Conflict: it stays, and its state is as it was before any cleanup.
 */
export async function markRemoving(
  context: WorkerContext,
  task: CleanupTask,
  id: WorkspaceId,
): Promise<MarkedWorkspace> {
  const marked = await context.db.transaction(async (tx) => {
    const [workspace] = await tx
      .select()
      .from(workspaces)
      .where(eq(workspaces.id, id))
      .for("update");
    if (!workspace) throw new NotFound("workspace", id);
    if (workspace.workerId !== context.worker.id) {
      throw new Conflict("The workspace is on another host by now.");
    }
    const isThere = await exists(workspacePath(context.home, workspace.repositoryId, id));
    const wasOurs = task.isResumed && workspace.state === "removing";
    if (wasOurs && !isThere) return { workspace, facts: null, isGone: true };
    if (!wasOurs) assertWhole(workspace, isThere);
    const { facts, keeper } = await decide(tx, workspace);
    if (keeper !== null) {
      if (wasOurs) await setState(tx, id, "ready");
      return new Conflict(`It is no longer due: ${keeper}.`);
    }
    await setState(tx, id, "removing");
    return { workspace, facts, isGone: !isThere };
  });
  if (marked instanceof Error) throw marked;
  return marked;
}

function assertWhole({ state }: WorkspaceRow, isThere: boolean): void {
  if (state !== "ready" && state !== "creating") {
    throw new Conflict(`The workspace is ${state} by now.`);
  }
  if (state === "ready" && !isThere) {
    throw new Conflict("Its folder is not where it should be, so nothing is known about it.", {
      hint: "Check that the disk is mounted; “coppice doctor” compares folders and rows.",
    });
  }
}

/** With the same rules as the plan. `keeper` is what keeps it, or null. */
async function decide(tx: Transaction, { id, repositoryId }: WorkspaceRow) {
  const now = new Date();
  const policies = await readPolicies(tx);
  const scope = { policies, repositoryId, limit: factsLimit, now };
  const all = await readWorkspaceFacts(tx, scope);
  const facts = all.find((one) => one.id === id) ?? null;
  if (!facts) return { facts, keeper: "it is not among this repository's workspaces" };
  // Whoever does the removal is there, however its last beat was.
  const host = facts.host && { ...facts.host, isAlive: true };
  const decision = decideWorkspace({ ...facts, host }, rankNewest(all).get(id) ?? 0, now);
  if (decision.verdict === "remove") return { facts, keeper: null };
  const keeper = decision.verdict === "keep" ? decision.why : decision.loses.join(" and ");
  return { facts, keeper };
}

export async function setState(
  tx: Pick<Transaction, "update">,
  id: WorkspaceId,
  state: WorkspaceRow["state"],
): Promise<void> {
  await tx.update(workspaces).set({ state }).where(eq(workspaces.id, id));
}
