import type { Sha } from "@/server/domain/ids";
import { type OpenedWorkspace, type OpenWorkspace, openWorkspace } from "./open-workspace";
import { requireCommits } from "./require-commits";

export interface RestoreWorkspace extends Omit<OpenWorkspace, "mode" | "headCommit"> {
  /** The commit whose files are wanted. */
  sha: Sha;
}

/**
 * Makes a workspace whose files are those of a commit, on its branch, borrowing the mirror's objects.
 * Only the mirror is asked, never the origin. Doing it again after a kill gives the same workspace.
 * @throws NotFound when the mirror lacks the commit, Conflict, GitFailed.
 */
export async function restoreWorkspace(input: RestoreWorkspace): Promise<OpenedWorkspace> {
  const { home, repositoryId, sha, baseCommit } = input;
  await requireCommits(home, repositoryId, [sha, baseCommit]);
  return openWorkspace({ ...input, mode: "continue", headCommit: sha });
}
