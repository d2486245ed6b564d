import type { Dirent } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { exists } from "./exists";
import { isGitFolder } from "./reach-origin";

const maxLooseRefs = 2000;

/**
 * A text that changes whenever a branch, a tag or HEAD of a local repository changes, read without
 * starting git. Null when it cannot be told (too many loose refs, another ref format).
 */
export async function fingerprintOrigin(folder: string): Promise<string | null> {
  const gitFolder = await findGitFolder(folder);
  if (!gitFolder || (await exists(path.join(gitFolder, "reftable")))) return null;
  const loose: string[] = [];
  for (const kind of ["heads", "tags"]) {
    await collectLooseRefs(path.join(gitFolder, "refs", kind), kind, loose);
    if (loose.length > maxLooseRefs) return null;
  }
  const packed = await describeFile(path.join(gitFolder, "packed-refs"));
  const head = await readFile(path.join(gitFolder, "HEAD"), "utf8");
  return [head.trim(), packed, ...loose.sort()].join("\n");
}

async function findGitFolder(folder: string): Promise<string | null> {
  const inner = path.join(folder, ".git");
  if (await isGitFolder(inner)) return inner;
  // A linked worktree or a submodule keeps its refs elsewhere: no shortcut for those.
  if (await exists(inner)) return null;
  return (await isGitFolder(folder)) ? folder : null;
}

async function collectLooseRefs(folder: string, name: string, found: string[]): Promise<void> {
  let entries: Dirent[];
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  for (const entry of entries) {
    if (found.length > maxLooseRefs) return;
    const inner = path.join(folder, entry.name);
    if (entry.isDirectory()) await collectLooseRefs(inner, `${name}/${entry.name}`, found);
    else found.push(`${name}/${entry.name} ${await readRef(inner)}`);
  }
}

/** A ref may be packed or deleted between listing and reading; then it counts as gone. */
async function readRef(file: string): Promise<string> {
  try {
    return (await readFile(file, "utf8")).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "gone";
    throw error;
  }
}

/** git replaces packed-refs by rename, so inode, size and time in nanoseconds tell its versions apart. */
async function describeFile(file: string): Promise<string> {
  if (!(await exists(file))) return "none";
  const { ino, size, mtimeNs, ctimeNs } = await stat(file, { bigint: true });
  return `${ino} ${size} ${mtimeNs} ${ctimeNs}`;
}
