import { lstat, readdir } from "node:fs/promises";
import path from "node:path";
import type { RepositoryId, WorkspaceId } from "@/server/domain/ids";
import { workspacePath } from "./layout";

export interface WorkspaceSize {
  bytes: number;
  files: number;
  /** False when counting stopped at `maxFiles`: the workspace is larger than that. */
  isComplete: boolean;
}

/** Counts what a workspace takes on disk, without the objects it borrows. Gone counts as nothing. */
export async function measureWorkspace(input: {
  home: string;
  repositoryId: RepositoryId;
  workspaceId: WorkspaceId;
  /** Default 200,000. */
  maxFiles?: number;
}): Promise<WorkspaceSize> {
  const size: WorkspaceSize = { bytes: 0, files: 0, isComplete: true };
  const folders = [workspacePath(input.home, input.repositoryId, input.workspaceId)];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of await list(folder)) {
      if (size.files >= (input.maxFiles ?? 200_000)) return { ...size, isComplete: false };
      const inner = path.join(folder, entry.name);
      if (entry.isDirectory()) folders.push(inner);
      size.files += 1;
      size.bytes += await measureFile(inner);
    }
  }
  return size;
}

async function list(folder: string) {
  return readdir(folder, { withFileTypes: true }).catch(whenGone([]));
}

async function measureFile(file: string): Promise<number> {
  return lstat(file).then(({ blocks }) => blocks * 512, whenGone(0));
}

/** An agent at work makes and removes files while we count. */
function whenGone<T>(value: T) {
  return (error: NodeJS.ErrnoException): T => {
    if (["ENOENT", "ENOTDIR", "EACCES"].includes(error.code ?? "")) return value;
    throw error;
  };
}
