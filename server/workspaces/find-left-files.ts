import { unlink } from "node:fs/promises";
import type { CaptureWorkspace } from "./capture-workspace";
import { findChanges } from "./find-changes";
import { isOwnFolder } from "./is-own-folder";
import { workspacePath } from "./layout";
import { openCaptureIndex } from "./open-capture-index";
import { printableName } from "./printable-name";

/**
 * What changed in a workspace since it was last captured: files that git does not ignore, for people to
 * read. Null when the folder is gone.
 * @throws GitFailed
 */
export async function findLeftFiles(
  input: Pick<
    CaptureWorkspace,
    "home" | "repositoryId" | "workspaceId" | "parent" | "confine" | "signal"
  >,
): Promise<string[] | null> {
  const workspace = workspacePath(input.home, input.repositoryId, input.workspaceId);
  if (!(await isOwnFolder(workspace))) return null;
  const index = await openCaptureIndex(input, workspace);
  try {
    const { files, deleted, nested } = await findChanges(index);
    return [...files, ...deleted, ...nested].map(printableName).sort();
  } finally {
    await unlink(index.file);
  }
}
