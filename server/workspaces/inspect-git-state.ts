import { lstat } from "node:fs/promises";
import path from "node:path";
import { type Sha, shaSchema } from "@/server/domain/ids";
import { isThere, listFolder, readGitRefs, readPlainFile } from "./read-git-refs";

type UnfinishedWork =
  | "rebase"
  | "apply"
  | "merge"
  | "cherry-pick"
  | "revert"
  | "bisect"
  | "sequence";

export interface WorkspaceGitState {
  /**
   * `usable`: a git folder of its own that borrows from the mirror alone. `redirected`: it leads to
   * some other repository, and is not to be read. `broken`: damaged. `missing`: there is none.
   */
  kind: "usable" | "redirected" | "broken" | "missing";
  /** What is wrong, in words, unless it is usable. */
  why: string | null;
  /** The branch that is checked out; null when HEAD is detached or cannot be read. */
  branch: string | null;
  /** The commit that is checked out. */
  head: Sha | null;
  isDetached: boolean;
  unfinished: UnfinishedWork[];
  /** Lock files left behind, relative to the git folder. */
  locks: string[];
  /** The agent keeps only some of the files on disk. */
  isSparse: boolean;
}

/**
 * Looks at the agent's git folder by reading files; git itself is never started in it. One that was made
 * inside a workspace need not borrow from the mirror.
 */
export async function inspectGitState(
  workspace: string,
  mirror: string,
  { mayStandAlone = false } = {},
): Promise<WorkspaceGitState> {
  const gitFolder = path.join(workspace, ".git");
  const problem = await findProblem(gitFolder, path.join(mirror, "objects"), mayStandAlone);
  const isReadable = problem === null || problem.kind === "broken";
  const head = isReadable ? await readHead(gitFolder) : noHead;
  return {
    kind: problem?.kind ?? (head.isReadable ? "usable" : "broken"),
    why: problem?.why ?? (head.isReadable ? null : "its HEAD cannot be read"),
    branch: head.branch,
    head: head.sha,
    isDetached: head.isDetached,
    unfinished: isReadable ? findUnfinished(gitFolder) : [],
    locks: isReadable ? await findLocks(gitFolder, "") : [],
    isSparse: isReadable && isThere(path.join(gitFolder, "info/sparse-checkout")),
  };
}

const noHead = { isReadable: false, branch: null, sha: null, isDetached: false };

type Problem = { kind: "missing" | "redirected" | "broken"; why: string } | null;

/** Every way known to make a git folder lead to another repository's commits. */
async function findProblem(
  gitFolder: string,
  borrowsFrom: string,
  mayStandAlone: boolean,
): Promise<Problem> {
  const kind = await lstat(gitFolder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return null;
    throw error;
  });
  if (!kind) return { kind: "missing", why: "the folder “.git” is gone" };
  if (!kind.isDirectory()) return { kind: "redirected", why: "“.git” leads elsewhere" };
  if (isThere(path.join(gitFolder, "commondir"))) {
    return { kind: "redirected", why: "“.git/commondir” leads elsewhere" };
  }
  const alternates = await readPlainFile(path.join(gitFolder, "objects/info/alternates"));
  const lines = alternates?.split("\n").filter((line) => line && !line.startsWith("#")) ?? [];
  if (lines.some((line) => line !== Buffer.from(borrowsFrom).toString("latin1"))) {
    return { kind: "redirected", why: "it borrows objects from another repository" };
  }
  const link = await findLink(gitFolder);
  if (link) return { kind: "redirected", why: `“.git/${link}” is a symbolic link` };
  if (lines.length > 0 || mayStandAlone) return null;
  return { kind: "broken", why: "it no longer borrows from the mirror" };
}

const followedByGit = new Set(["HEAD", "objects", "refs", "packed-refs", "logs", "shallow"]);

/** Where git would follow a link: to refs, to objects, to packs. */
async function findLink(gitFolder: string): Promise<string | null> {
  const folders = ["", "objects", "objects/info", "objects/pack", "refs", "refs/heads"];
  for (const folder of folders) {
    for (const entry of await listFolder(path.join(gitFolder, folder))) {
      const isFollowed = folder !== "" || followedByGit.has(entry.name);
      if (entry.isSymbolicLink() && isFollowed) return path.join(folder, entry.name);
      if (folder !== "objects" || !/^[0-9a-f]{2}$/.test(entry.name)) continue;
      const inner = await listFolder(path.join(gitFolder, folder, entry.name));
      const link = inner.find((object) => object.isSymbolicLink());
      if (link) return path.join(folder, entry.name, link.name);
    }
  }
  return null;
}

async function readHead(gitFolder: string) {
  const text = (await readPlainFile(path.join(gitFolder, "HEAD")))?.trim();
  const detached = shaSchema.safeParse(text);
  if (detached.success) {
    return { isReadable: true, branch: null, sha: detached.data, isDetached: true };
  }
  const ref = /^ref: (refs\/.+)$/.exec(text ?? "")?.[1];
  if (!ref) return noHead;
  const sha = shaSchema.safeParse((await readGitRefs(gitFolder)).get(ref));
  const branch = ref.startsWith("refs/heads/") ? ref.slice("refs/heads/".length) : null;
  return { isReadable: true, branch, sha: sha.data ?? null, isDetached: branch === null };
}

const marks: [string, UnfinishedWork][] = [
  ["rebase-merge", "rebase"],
  ["rebase-apply/applying", "apply"],
  ["rebase-apply", "rebase"],
  ["MERGE_HEAD", "merge"],
  ["CHERRY_PICK_HEAD", "cherry-pick"],
  ["REVERT_HEAD", "revert"],
  ["BISECT_LOG", "bisect"],
  ["sequencer", "sequence"],
];

function findUnfinished(gitFolder: string): UnfinishedWork[] {
  const found = marks.filter(([file]) => isThere(path.join(gitFolder, file)));
  return [...new Set(found.map(([, work]) => work))];
}

async function findLocks(gitFolder: string, folder: string): Promise<string[]> {
  const locks: string[] = [];
  for (const entry of await listFolder(path.join(gitFolder, folder))) {
    const name = path.join(folder, entry.name);
    if (entry.isDirectory() && (folder.startsWith("refs") || name === "refs")) {
      locks.push(...(await findLocks(gitFolder, name)));
    } else if (entry.isFile() && entry.name.endsWith(".lock")) {
      locks.push(name);
    }
  }
  return locks.slice(0, 100);
}
