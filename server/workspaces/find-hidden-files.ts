import { lstat } from "node:fs/promises";
import path from "node:path";
import { GitFailed } from "./git";
import type { CaptureIndex } from "./open-capture-index";

/**
 * Files that the agent's own index was told not to look at (skip-worktree, assume-unchanged). Its index
 * is read as data, with our config. One that git cannot read hides nothing from the private index.
 */
export async function findHiddenFiles(index: CaptureIndex): Promise<Set<string>> {
  const indexFile = path.join(index.workspace, ".git", "index");
  if (!(await isPlainFile(indexFile))) return new Set();
  try {
    const { stdout } = await index.run(["ls-files", "-v", "-z"], { indexFile });
    const lines = stdout.toString("latin1").split("\0");
    return new Set(lines.filter((line) => /^[a-zS] /.test(line)).map((line) => line.slice(2)));
  } catch (error) {
    if (error instanceof GitFailed && !error.timedOut) return new Set();
    throw error;
  }
}

async function isPlainFile(file: string): Promise<boolean> {
  const facts = await lstat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return null;
    throw error;
  });
  return facts?.isFile() ?? false;
}
