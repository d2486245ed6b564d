import { mkdir, rename } from "node:fs/promises";
import path from "node:path";
import type { RepositoryId, WorkspaceId } from "@/server/domain/ids";
import { exists } from "./exists";
import { leftPath, workspacePath } from "./layout";

export interface SetAsideWorkspace {
  home: string;
  repositoryId: RepositoryId;
  workspaceId: WorkspaceId;
  /** The id of the row that names what was left. */
  leftId: string;
}

/**
 * Moves a workspace's folder out of its place, whole, so that the workspace can come back to this host
 * from another one. Nothing is deleted; done again it changes nothing.
 * @returns where the folder is now; null when there is none.
 */
export async function setAsideWorkspace(input: SetAsideWorkspace): Promise<string | null> {
  const { home, repositoryId, workspaceId, leftId } = input;
  const from = workspacePath(home, repositoryId, workspaceId);
  const to = leftPath(home, workspaceId, leftId);
  if (await exists(to)) return to;
  if (!(await exists(from))) return null;
  await mkdir(path.dirname(to), { recursive: true });
  await rename(from, to);
  return to;
}
