import { unlink } from "node:fs/promises";
import path from "node:path";
import type { Confine } from "@/server/domain/confinement";
import { NotFound } from "@/server/domain/errors";
import {
  type RepositoryId,
  type RunId,
  type Sha,
  shaSchema,
  type WorkspaceId,
} from "@/server/domain/ids";
import { type Changes, findChanges } from "./find-changes";
import { git } from "./git";
import { isOwnFolder } from "./is-own-folder";
import { mirrorPath, workspacePath } from "./layout";
import { moveObjects } from "./move-objects";
import { openCaptureIndex } from "./open-capture-index";
import { listSnapshots, saveSnapshot } from "./save-snapshot";
import { stageChanges } from "./stage-changes";

export interface CaptureWorkspace {
  home: string;
  repositoryId: RepositoryId;
  workspaceId: WorkspaceId;
  runId: RunId;
  attemptNumber: number;
  /** The commit that the snapshot follows; the mirror must have it (collect first). */
  parent: Sha;
  message: string;
  author?: { name: string; email: string };
  /** Author and commit date; a fixed one gives the same commit id for the same content. */
  at?: Date;
  /** Larger files are left out and named. Default 50 MiB. */
  maxFileBytes?: number;
  confine: Confine;
  signal?: AbortSignal;
}

export interface WorkspaceCapture {
  /** Null when the files are those of `parent`. */
  sha: Sha | null;
  /** The tree of all files that are not ignored; null when nothing at all had changed. */
  tree: string | null;
  ref: string | null;
  /** What could not be, or was not to be, stored. Nothing may be deleted while it is not empty. */
  leftOut: LeftOut[];
  /** Repositories made inside the workspace; their files are stored as plain files. */
  nestedRepositories: string[];
  /** Ignored paths; a folder that is ignored as a whole counts once. */
  ignoredFiles: number;
}

export interface LeftOut {
  path: string;
  why: string;
}

/**
 * Stores every file of a workspace that is not ignored as a commit in the mirror, whatever the agent
 * did to its `.git`: index, config and attributes are ours, and nothing of the agent's is run.
 * Its branch, index and stash are not touched. Doing it again gives the same commit.
 * @throws NotFound when the folder is gone, GitFailed.
 */
export async function captureWorkspace(input: CaptureWorkspace): Promise<WorkspaceCapture> {
  const workspace = workspacePath(input.home, input.repositoryId, input.workspaceId);
  if (!(await isOwnFolder(workspace))) throw new NotFound("workspace folder", workspace);
  const index = await openCaptureIndex(input, workspace);
  try {
    const first = await findChanges(index);
    // Asked while the files are staged: neither answer depends on them.
    const asked = hasAny(first) ? Promise.all([readTree(input), listSnapshots(input)]) : null;
    asked?.catch(() => undefined);
    const staged = await stageChanges(index, first, input.maxFileBytes);
    const facts = {
      leftOut: staged.leftOut,
      nestedRepositories: staged.nestedRepositories,
      ignoredFiles: first.ignored,
    };
    if (!first.isStaged && !staged.hasStaged) {
      await index.keep();
      return { sha: null, tree: null, ref: null, ...facts };
    }
    const [tree, [parentTree, known]] = await Promise.all([
      index.writeTree(),
      asked ?? Promise.all([readTree(input), listSnapshots(input)]),
    ]);
    await index.keep();
    if (tree === parentTree) return { sha: null, tree, ref: null, ...facts };
    await moveObjects(index.shadow, index.mirror);
    return { ...(await saveSnapshot(input, tree, known)), tree, ...facts };
  } finally {
    await unlinkIfThere(index.file);
  }
}

function hasAny({ files, deleted, nested, isStaged }: Changes): boolean {
  return isStaged || files.length + deleted.length + nested.length > 0;
}

async function readTree({ home, repositoryId, parent, signal }: CaptureWorkspace): Promise<string> {
  const args = ["rev-parse", "--verify", "--end-of-options", `${shaSchema.parse(parent)}^{tree}`];
  const { stdout } = await git(args, { home, gitDir: mirrorPath(home, repositoryId), signal });
  return stdout.toString().trim();
}

async function unlinkIfThere(file: string): Promise<void> {
  for (const name of [file, `${file}.lock`]) {
    await unlink(path.resolve(name)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
    });
  }
}
