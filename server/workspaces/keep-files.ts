import { randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import type { Confine } from "@/server/domain/confinement";
import { type RepositoryId, type Sha, shaSchema, type WorkspaceId } from "@/server/domain/ids";
import type { LeftOut } from "./capture-workspace";
import { exists } from "./exists";
import { git } from "./git";
import { gitInMirror } from "./git-in-mirror";
import { identifyProcess } from "./identify-process";
import { keptPath, workspacePath } from "./layout";
import { listFiles } from "./list-files";
import { moveObjects } from "./move-objects";
import { printableName } from "./printable-name";
import { stageFiles } from "./stage-changes";
import { storeBytesAsTheyAre, writeGitFolder } from "./write-git-folder";

export interface KeepFiles {
  home: string;
  repositoryId: RepositoryId;
  workspaceId: WorkspaceId;
  /** Files and folders of the workspace, as raw bytes in latin1 strings. A `.git` inside is passed over. */
  names: string[];
  /** What was kept of this workspace before; the new commit follows it, so that nothing is forgotten. */
  previous?: Sha | null;
  /** Of the repository's object ids. */
  isSha256: boolean;
  confine: Confine;
  signal?: AbortSignal;
}

export interface KeptFiles {
  /** Null when there was nothing to keep. */
  commit: Sha | null;
  files: number;
  leftOut: LeftOut[];
}

const author = { name: "Coppice", email: "kept@coppice.invalid" };

/**
 * Stores files that belong on no branch (ignored, huge, inside submodules) before their workspace goes:
 * byte for byte, as a commit in a repository of its own, `kept/<repository>.git`. No agent can see it,
 * whereas the mirror's objects are shown to all of them. The same files give the same commit.
 * @throws GitFailed; then nothing was stored.
 */
export async function keepFiles(input: KeepFiles): Promise<KeptFiles> {
  const { home, repositoryId, workspaceId, signal } = input;
  if (input.names.length === 0) return { commit: null, files: 0, leftOut: [] };
  const kept = await openKept(input);
  const scratch = await openScratch(kept, input.isSha256);
  try {
    const workspace = workspacePath(home, repositoryId, workspaceId);
    const { files, leftOut } = await stageAll(input, workspace, kept, scratch);
    const options = { home, gitDir: scratch, indexFile: path.join(scratch, "index"), signal };
    const tree = (await git(["write-tree"], options)).stdout.toString().trim();
    const commit = await commitTree(input, scratch, tree);
    await moveObjects(scratch, kept);
    const ref = `refs/coppice/kept/${workspaceId}/${commit.slice(0, 16)}`;
    await gitInMirror(kept, ["update-ref", ref, commit], { home });
    return { commit, files, leftOut };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function openKept({ home, repositoryId, isSha256 }: KeepFiles): Promise<string> {
  const kept = keptPath(home, repositoryId);
  if (await exists(path.join(kept, "HEAD"))) return kept;
  const temporary = `${kept}.new-${randomUUID()}`;
  await mkdir(path.dirname(kept), { recursive: true });
  const shape = { head: "refs/heads/none", isBare: false, isSha256 };
  writeGitFolder(temporary, { ...shape, attributes: storeBytesAsTheyAre });
  try {
    await rename(temporary, kept);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    if (!(await exists(path.join(kept, "HEAD")))) throw error;
  }
  return kept;
}

/** Objects are made here, so that a killed or refused call leaves nothing among the kept ones. */
async function openScratch(kept: string, isSha256: boolean): Promise<string> {
  for (const name of await readdir(kept)) {
    const pid = /^incoming-(\d+)-/.exec(name)?.[1];
    if (!pid || Number(pid) === process.pid || (await identifyProcess(Number(pid)))) continue;
    await rm(path.join(kept, name), { recursive: true, force: true });
  }
  const scratch = path.join(kept, `incoming-${process.pid}-${randomUUID()}`);
  const shape = { head: "refs/heads/none", isBare: false, isSha256 };
  const borrowsFrom = path.join(kept, "objects");
  writeGitFolder(scratch, { ...shape, borrowsFrom, attributes: storeBytesAsTheyAre });
  return scratch;
}

async function stageAll(input: KeepFiles, workspace: string, kept: string, scratch: string) {
  const { home, confine, signal } = input;
  const listed = await listFiles(workspace, input.names);
  const left = new Map(listed.unreadable.map(({ path: name, why }) => [name, why]));
  const access = {
    readWrite: [scratch],
    readOnly: [workspace, path.join(kept, "objects"), path.join(home, "git")],
    network: false,
  };
  const place = { gitDir: scratch, indexFile: path.join(scratch, "index") };
  const common = { home, ...place, workTree: workspace, cwd: workspace, confine, access, signal };
  const timeoutSeconds = 1800;
  const run = (args: string[], more = {}) => git(args, { ...common, timeoutSeconds, ...more });
  await stageFiles({ run }, listed.files, left);
  return {
    files: listed.files.length,
    leftOut: [...left].map(([name, why]) => ({ path: printableName(name), why })),
  };
}

/** Always at the same moment, so that keeping the same files again gives the same commit. */
async function commitTree(
  { home, previous }: KeepFiles,
  scratch: string,
  tree: string,
): Promise<Sha> {
  if (previous && (await readTree(home, scratch, previous)) === tree) return previous;
  const parent = previous ? ["-p", shaSchema.parse(previous)] : [];
  const args = ["commit-tree", tree, ...parent, "-m", "Files kept beside the branches"];
  const { stdout } = await git(args, {
    home,
    gitDir: scratch,
    env: {
      GIT_AUTHOR_NAME: author.name,
      GIT_AUTHOR_EMAIL: author.email,
      GIT_AUTHOR_DATE: "1000000000 +0000",
      GIT_COMMITTER_NAME: author.name,
      GIT_COMMITTER_EMAIL: author.email,
      GIT_COMMITTER_DATE: "1000000000 +0000",
    },
  });
  return shaSchema.parse(stdout.toString().trim());
}

async function readTree(home: string, gitDir: string, commit: Sha): Promise<string> {
  const args = ["rev-parse", "--verify", "--end-of-options", `${shaSchema.parse(commit)}^{tree}`];
  return (await git(args, { home, gitDir })).stdout.toString().trim();
}
