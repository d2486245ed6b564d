import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { copyFile, lstat, mkdir, readlink, rename, rm, symlink, unlink } from "node:fs/promises";
import path from "node:path";
import type { Confine } from "@/server/domain/confinement";
import type { RepositoryId, Sha, WorkspaceId } from "@/server/domain/ids";
import { type BroughtFile, findBroughtFiles } from "./find-brought-files";
import { workspacePath } from "./layout";
import { openCaptureIndex } from "./open-capture-index";

export interface BringFilesAlong {
  home: string;
  repositoryId: RepositoryId;
  workspaceId: WorkspaceId;
  /** The folder that a person works in. It is only read. */
  from: string;
  patterns: string[];
  /** The commit that the workspace stands at. */
  parent: Sha;
  confine: Confine;
  signal?: AbortSignal;
}

export interface BroughtAlong {
  files: number;
  bytes: number;
  /** What was named and not copied. */
  leftOut: { path: string; why: string }[];
}

/**
 * Copies files that git ignores from a person's folder into a workspace before its agent begins. Only
 * what the workspace's own rules ignore is copied, so that no snapshot takes it for work; what is there
 * already stays; no link is followed on either side. Doing it again completes it.
 * @throws Unprocessable when it is too much; GitFailed; errors of the file system.
 */
export async function bringFilesAlong(input: BringFilesAlong): Promise<BroughtAlong> {
  const workspace = workspacePath(input.home, input.repositoryId, input.workspaceId);
  const found = await findBroughtFiles(input.from, input.patterns);
  const ignored = await findIgnored(input, workspace, found);
  // Beside the workspace, under a name that is cleared like a half-made one.
  const waiting = `${workspace}.new-${randomUUID()}`;
  await mkdir(waiting, { mode: 0o700 });
  const brought: BroughtAlong = { files: 0, bytes: 0, leftOut: [] };
  const way = { from: input.from, workspace, waiting: path.join(waiting, "file") };
  const folders = new Map<string, boolean>();
  try {
    for (const file of found) {
      input.signal?.throwIfAborted();
      const why = ignored.has(file.path)
        ? await bring(way, folders, file)
        : "git does not ignore it there";
      if (why) brought.leftOut.push({ path: file.path, why });
      else {
        brought.files += 1;
        brought.bytes += file.bytes;
      }
    }
  } finally {
    await rm(waiting, { recursive: true, force: true });
  }
  return brought;
}

async function findIgnored(
  input: BringFilesAlong,
  workspace: string,
  found: BroughtFile[],
): Promise<Set<string>> {
  if (found.length === 0) return new Set();
  const index = await openCaptureIndex(input, workspace);
  try {
    const paths = Buffer.from(`${found.map((file) => file.path).join("\0")}\0`);
    const args = ["check-ignore", "-z", "--stdin"];
    const { stdout } = await index.run(args, { input: paths, okExitCodes: [0, 1] });
    return new Set(stdout.toString().split("\0"));
  } finally {
    await unlink(index.file);
  }
}

interface Way {
  from: string;
  workspace: string;
  /** Where a copy lies until it is whole. */
  waiting: string;
}

/** Answers why a file was not copied; null when it is there now. */
async function bring(
  { from, workspace, waiting }: Way,
  folders: Map<string, boolean>,
  file: BroughtFile,
): Promise<string | null> {
  const target = path.join(workspace, file.path);
  if (!(await makeFolders(workspace, path.dirname(file.path), folders))) {
    return "a file or a link stands where its folder would be";
  }
  if (await lstat(target).catch(whenGone)) return null;
  const source = path.join(from, file.path);
  if (file.isLink) {
    const to = await readlink(source);
    if (!staysInside(file.path, to)) return "it is a link that leads out";
    await symlink(to, waiting);
  } else {
    await copyFile(source, waiting, constants.COPYFILE_FICLONE);
  }
  await rename(waiting, target);
  return null;
}

/** Whether every folder on the way is a real one; those that are missing are made. */
async function makeFolders(
  workspace: string,
  folder: string,
  known: Map<string, boolean>,
): Promise<boolean> {
  if (folder === ".") return true;
  const before = known.get(folder);
  if (before !== undefined) return before;
  let isReal = await makeFolders(workspace, path.dirname(folder), known);
  if (isReal) {
    const place = path.join(workspace, folder);
    const facts = await lstat(place).catch(whenGone);
    if (facts) isReal = facts.isDirectory();
    else await mkdir(place);
  }
  known.set(folder, isReal);
  return isReal;
}

function staysInside(file: string, to: string): boolean {
  if (path.isAbsolute(to)) return false;
  const reached = path.normalize(path.join(path.dirname(file), to));
  return reached !== ".." && !reached.startsWith("../") && reached.split("/")[0] !== ".git";
}

function whenGone(error: NodeJS.ErrnoException): null {
  if (error.code === "ENOENT" || error.code === "ENOTDIR") return null;
  throw error;
}
