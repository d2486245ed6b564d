import { existsSync } from "node:fs";
import { and, eq, notInArray, sql } from "drizzle-orm";
import { z } from "zod";
import { runs, workspaces } from "@/db/schema";
import { crashAt } from "@/server/domain/crash-points";
import { Conflict, NotFound } from "@/server/domain/errors";
import { type WorkspaceId, workspaceIdSchema } from "@/server/domain/ids";
import { terminalStatuses } from "@/server/domain/run-status";
import { ignoredChoiceSchema } from "@/server/domain/workspace-audit";
import { deleteTree } from "@/server/workspaces/delete-tree";
import { shadowPath, workspacePath } from "@/server/workspaces/layout";
import { RemovalRefused } from "@/server/workspaces/removal-refused";
import { removeWorkspace } from "@/server/workspaces/remove-workspace";
import { holdWorkspace } from "../cleanup/hold-workspace";
import { tearDownWorkspace } from "../commands/tear-down-workspace";
import type { WorkerContext } from "../context";
import { keepAndRecord } from "../keep-and-record";
import { putInQuarantine } from "../put-in-quarantine";

const inputSchema = z.looseObject({
  workspaceId: workspaceIdSchema,
  ignored: ignoredChoiceSchema.default("keep"),
  /** A person has seen that a rebase or merge is unfinished there and gives it up. */
  mayLoseUnfinished: z.boolean().default(false),
});
type RemovalInput = z.infer<typeof inputSchema>;
type Workspace = typeof workspaces.$inferSelect;

/**
 * Takes away a workspace that no run needs: all it holds is stored, then recorded, and only then is the
 * folder deleted. What cannot be stored puts the whole folder in quarantine instead. The row says
 * `removing` first, so that no run takes it and a killed removal is found and ended.
 */
export async function answerRemoveWorkspace(
  context: WorkerContext,
  input: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const parsed = inputSchema.parse(input);
  return holdWorkspace(parsed.workspaceId, () => removeHeld(context, parsed));
}

async function removeHeld(
  context: WorkerContext,
  parsed: RemovalInput,
): Promise<Record<string, unknown>> {
  const workspace = await markRemoving(context, parsed.workspaceId);
  try {
    const state = await takeAway(context, workspace, parsed);
    return { workspaceId: workspace.id, state };
  } catch (error) {
    const state = workspace.state === "removing" ? "ready" : workspace.state;
    await context.db
      .update(workspaces)
      .set({ state })
      .where(and(eq(workspaces.id, workspace.id), eq(workspaces.state, "removing")));
    throw error;
  }
}

async function markRemoving(context: WorkerContext, id: WorkspaceId): Promise<Workspace> {
  return context.db.transaction(async (tx) => {
    const [workspace] = await tx
      .select()
      .from(workspaces)
      .where(eq(workspaces.id, id))
      .for("update");
    if (!workspace) throw new NotFound("workspace", id);
    refuseByState(workspace);
    const [user] = await tx
      .select({ number: runs.number, status: runs.status })
      .from(runs)
      .where(and(eq(runs.workspaceId, id), notInArray(runs.status, [...terminalStatuses])));
    if (user) {
      throw new Conflict(`Run #${user.number} is ${user.status} and needs this workspace.`, {
        hint: "Cancel it, or wait until it ends.",
      });
    }
    await tx.update(workspaces).set({ state: "removing" }).where(eq(workspaces.id, id));
    return workspace;
  });
}

function refuseByState({ state, quarantinePath }: Workspace): void {
  if (state === "removed") throw new Conflict("The workspace is removed already.");
  if (state === "planned") {
    throw new Conflict("The workspace has not been made yet, so there is nothing to remove.");
  }
  if (state === "quarantined") {
    throw new Conflict(`The workspace is in quarantine: ${quarantinePath}.`, {
      hint: "Restore it to put it back, or delete that folder by hand when nothing in it is needed.",
    });
  }
}

/** A killed removal leaves the row as `removing` and no folder: shadow and row have to follow then. */
async function takeAway(
  context: WorkerContext,
  workspace: Workspace,
  { ignored, mayLoseUnfinished }: RemovalInput,
): Promise<"removed" | "quarantined"> {
  const { home, installationId, db } = context;
  const folder = workspacePath(home, workspace.repositoryId, workspace.id);
  const isGone = workspace.state === "removing" && !existsSync(folder);
  if (isGone && workspace.quarantinePath && existsSync(workspace.quarantinePath)) {
    return putInQuarantine(context, workspace, workspace.quarantineWhy ?? "");
  }
  if (isGone) {
    await deleteTree(shadowPath(home, workspace.id));
  } else {
    await tearDownWorkspace(context, workspace);
    const capture = await keepAndRecord(context, workspace, ignored);
    const place = { home, installationId, repositoryId: workspace.repositoryId };
    const proof = { workspaceId: workspace.id, capture, mayLoseIgnored: true, mayLoseUnfinished };
    try {
      await crashAt("mid:cleanup");
      await removeWorkspace({ ...place, ...proof });
    } catch (error) {
      if (!isUnstorable(error)) throw error;
      return putInQuarantine(context, workspace, error.message);
    }
  }
  await db
    .update(workspaces)
    .set({
      state: "removed",
      removedAt: sql`now()`,
      bytes: 0,
      quarantinePath: null,
      quarantineWhy: null,
    })
    .where(and(eq(workspaces.id, workspace.id), eq(workspaces.state, "removing")));
  return "removed";
}

function isUnstorable(error: unknown): error is RemovalRefused {
  return (
    error instanceof RemovalRefused &&
    (error.reason === "files_left_out" || error.reason === "commits_left_out")
  );
}
