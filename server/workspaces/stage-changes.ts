import { lstat, readdir } from "node:fs/promises";
import type { LeftOut } from "./capture-workspace";
import { type Changes, findChanges } from "./find-changes";
import { GitFailed } from "./git";
import type { CaptureIndex } from "./open-capture-index";
import { printableName } from "./printable-name";
import { joinRaw } from "./raw-path";

export interface Staged {
  hasStaged: boolean;
  leftOut: LeftOut[];
  nestedRepositories: string[];
}

const placeholder = ".coppice-capture";
/** A larger file is left out of a snapshot unless it was asked for. */
export const maxSnapshotFileBytes = 50 * 1024 * 1024;

/**
 * Takes changed files into the private index. A folder with a repository of its own gets one entry
 * below it, whereupon git lists its files as plain ones; that entry has no file, so the next round
 * drops it again.
 */
export async function stageChanges(
  index: CaptureIndex,
  first: Changes,
  maxFileBytes = maxSnapshotFileBytes,
): Promise<Staged> {
  const left = new Map<string, string>(first.unreadable.map(({ path: name, why }) => [name, why]));
  const opened = new Set<string>();
  let changes = first;
  let hasStaged = false;
  for (;;) {
    const deleted = await dropDeleted(index, changes.deleted);
    const files = await chooseFiles(index, changes.files, maxFileBytes, left);
    if (deleted + files.length > 0) hasStaged = true;
    await stageFiles(index, files, left);
    const nested = changes.nested.filter((name) => !opened.has(name));
    if (nested.length === 0) break;
    for (const name of nested) opened.add(name);
    await openNested(index, nested);
    changes = await findChanges(index);
  }
  await nameSubmoduleFiles(index, left);
  return {
    hasStaged,
    leftOut: [...left].map(([name, why]) => ({ path: printableName(name), why })),
    nestedRepositories: [...opened].map(printableName),
  };
}

/** Files that only a sparse checkout took off the disk are not deleted. */
async function dropDeleted(index: CaptureIndex, names: string[]): Promise<number> {
  if (names.length === 0) return 0;
  const isSparse = (await measure(index.workspace, ".git/info/sparse-checkout")) !== null;
  const dropped = isSparse ? names.filter((name) => name.endsWith(placeholder)) : names;
  if (dropped.length === 0) return 0;
  const input = Buffer.from(`${dropped.join("\0")}\0`, "latin1");
  // Their folder may be a link by now, through which git would not look for them.
  await index.run(["update-index", "-z", "--force-remove", "--stdin"], { input });
  return dropped.length;
}

/** Leaves out what is too large. */
async function chooseFiles(
  index: CaptureIndex,
  names: string[],
  maxFileBytes: number,
  left: Map<string, string>,
): Promise<string[]> {
  const chosen: string[] = [];
  for (const name of names) {
    if (left.has(name)) continue;
    const bytes = await measure(index.workspace, name);
    if (bytes === null || bytes <= maxFileBytes) chosen.push(name);
    else left.set(name, `larger than ${Math.round(maxFileBytes / 1024 / 1024)} MB`);
  }
  return chosen;
}

async function measure(workspace: string, name: string): Promise<number | null> {
  try {
    return (await lstat(joinRaw(workspace, name))).size;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    // git, which walks there step by step, may still reach it, and names it when it cannot.
    if (code === "EACCES" || code === "EPERM" || code === "ENAMETOOLONG") return 0;
    throw error;
  }
}

/** One unreadable file fails the whole call, so the list is halved until that file stands alone. */
export async function stageFiles(
  index: Pick<CaptureIndex, "run">,
  names: string[],
  left: Map<string, string>,
): Promise<void> {
  if (names.length === 0) return;
  const input = Buffer.from(`${names.join("\0")}\0`, "latin1");
  try {
    await index.run(["update-index", "-z", "--add", "--remove", "--stdin"], { input });
  } catch (error) {
    if (!(error instanceof GitFailed) || error.timedOut || error.exitCode === null) throw error;
    const [only] = names;
    if (names.length === 1 && only !== undefined) {
      left.set(only, error.message);
      return;
    }
    const half = Math.ceil(names.length / 2);
    await stageFiles(index, names.slice(0, half), left);
    await stageFiles(index, names.slice(half), left);
  }
}

async function openNested(index: CaptureIndex, nested: string[]): Promise<void> {
  const empty = await index.run(["hash-object", "-w", "--stdin"], { input: "" });
  const sha = empty.stdout.toString().trim();
  const lines = nested.map((name) => `100644 ${sha}\t${name}${placeholder}\0`).join("");
  await index.run(["update-index", "-z", "--index-info"], { input: Buffer.from(lines, "latin1") });
}

/** git stores a submodule as a commit id alone; files in its folder would be lost unseen. */
async function nameSubmoduleFiles(index: CaptureIndex, left: Map<string, string>): Promise<void> {
  if ((await measure(index.workspace, ".gitmodules")) === null) return;
  for (const name of await findFilledSubmodules(index)) {
    left.set(name, "a submodule; changes inside it are not stored");
  }
}

/** Folders that the index holds as a commit id alone and that have files on disk. */
export async function findFilledSubmodules(index: CaptureIndex): Promise<string[]> {
  const { stdout } = await index.run(["ls-files", "-s", "-z"], {
    maxOutputBytes: 512 * 1024 * 1024,
  });
  const found: string[] = [];
  for (const line of stdout.toString("latin1").split("\0")) {
    const name = /^160000 [0-9a-f]+ \d\t(.+)$/s.exec(line)?.[1];
    if (name && (await hasFiles(index.workspace, name))) found.push(name);
  }
  return found;
}

async function hasFiles(workspace: string, name: string): Promise<boolean> {
  try {
    return (await readdir(joinRaw(workspace, name))).length > 0;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return false;
    throw error;
  }
}
