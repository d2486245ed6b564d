import { lstat } from "node:fs/promises";
import type { LeftOut } from "./capture-workspace";
import { joinRaw } from "./raw-path";
import { walkTree } from "./walk-tree";

export interface ListedFiles {
  /** Files and links, as raw bytes in latin1 strings, from the workspace's folder. */
  files: string[];
  unreadable: LeftOut[];
}

/**
 * Lists what lies in some files and folders of a workspace. Links are not followed; what is neither
 * file nor link (pipes, sockets), and any `.git`, is passed over.
 */
export async function listFiles(workspace: string, names: string[]): Promise<ListedFiles> {
  const listed: ListedFiles = { files: [], unreadable: [] };
  for (const given of names) {
    const name = given.replace(/\/$/, "");
    const kind = await lstatIfThere(workspace, name);
    if (kind?.isFile() || kind?.isSymbolicLink()) listed.files.push(name);
    if (!kind?.isDirectory()) continue;
    for await (const entry of walkTree(Buffer.from(workspace), name)) {
      if (entry.problem) listed.unreadable.push({ path: entry.name, why: entry.problem });
      if (entry.kind === "file" || entry.kind === "link") listed.files.push(entry.name);
    }
  }
  return listed;
}

async function lstatIfThere(workspace: string, name: string) {
  return lstat(joinRaw(workspace, name)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return null;
    throw error;
  });
}
