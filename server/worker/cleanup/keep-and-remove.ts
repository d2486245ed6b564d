import type { IgnoredChoice } from "@/server/domain/workspace-audit";
import { removeWorkspace } from "@/server/workspaces/remove-workspace";
import { tearDownWorkspace } from "../commands/tear-down-workspace";
import type { WorkerContext } from "../context";
import { keepAndRecord } from "../keep-and-record";
import type { WorkspaceRow } from "./mark-removing";

/** Where the last of a removed workspace is: for the audit log. */
export interface RemovedWork {
  filesCommit: string | null;
  snapshotRef: string | null;
}

/**
 * Stores all that a workspace holds, records it, and only then deletes the folder. What cannot be stored
 * keeps the workspace where it is: to put it in quarantine is for a person to decide.
 * @throws Conflict, RemovalRefused, NotFound, GitFailed: nothing was deleted.
 */
export async function keepAndRemove(
  context: WorkerContext,
  workspace: WorkspaceRow,
  ignored: IgnoredChoice,
): Promise<RemovedWork> {
  const { home, installationId } = context;
  const { id: workspaceId, repositoryId } = workspace;
  await tearDownWorkspace(context, workspace);
  const proof = await keepAndRecord(context, workspace, ignored);
  await removeWorkspace({
    ...{ home, installationId, repositoryId, workspaceId },
    ...{ capture: proof, mayLoseIgnored: true },
  });
  return { filesCommit: proof.filesCommit, snapshotRef: proof.capture.ref };
}
