import { randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import type { Confine } from "@/server/domain/confinement";
import { crashAt } from "@/server/domain/crash-points";
import { Conflict } from "@/server/domain/errors";
import { parseBranchName } from "@/server/domain/git-names";
import type { RepositoryId, RunId, Sha, WorkspaceId } from "@/server/domain/ids";
import { bringBackFiles } from "./bring-back-files";
import type { WorkspaceCapture } from "./capture-workspace";
import { cleanWorkspace } from "./clean-workspace";
import { continueWorkspace } from "./continue-workspace";
import { git } from "./git";
import { isOwnFolder } from "./is-own-folder";
import { baseRef, mirrorPath, workspacePath } from "./layout";
import { takeSpare } from "./spare-workspaces";
import { writeAgentGitFolder } from "./write-agent-git-folder";
import { writeNewRef } from "./write-new-ref";
import { copyIndex, writeShadow } from "./write-shadow";

export interface OpenWorkspace {
  home: string;
  repositoryId: RepositoryId;
  workspaceId: WorkspaceId;
  /** The address that the agent's clone names as its origin. Parsed origins hold no credentials. */
  origin: string;
  runId: RunId;
  attemptNumber: number;
  branch: string;
  /** `new` and `clean`: where the branch starts. `continue`: where the run's work begins. */
  baseCommit: Sha;
  /** `continue`: the recorded head of the branch. `clean`: the commit whose files were last recorded. */
  headCommit?: Sha;
  /**
   * `new` makes the folder. `continue` goes on in it as it stands. `clean` gives a used persistent
   * one to another session: everything not ignored is as in `baseCommit`; ignored files (build
   * caches) stay.
   */
  mode: "new" | "continue" | "clean";
  /** `continue` where the folder is gone: files that were kept beside the branches, to be put back. */
  keptFilesCommit?: Sha | null;
  /** `clean` only: commits to the database what was left there, before any of it goes. */
  recordLeftBehind?: (left: WorkspaceCapture) => Promise<void>;
  /** Author of the agent's commits unless its environment names another. */
  identity?: { name: string; email: string };
  confine: Confine;
  signal?: AbortSignal;
}

export interface OpenedWorkspace {
  path: string;
  branch: string;
  headCommit: Sha;
  /** What a person should know about how the workspace was found. */
  notices: string[];
  /** `clean` only: what had been left there unrecorded; it is stored and named. */
  leftBehind: WorkspaceCapture | null;
}

/**
 * Makes a workspace ready for an agent. Calling it again after a kill at any point gives the same
 * workspace.
 * @throws Conflict when the files hold work that could not be captured, GitFailed.
 */
export async function openWorkspace(input: OpenWorkspace): Promise<OpenedWorkspace> {
  parseBranchName(input.branch);
  const workspace = workspacePath(input.home, input.repositoryId, input.workspaceId);
  await removeHalfMadeWorkspace(input);
  const isThere = await isOwnFolder(workspace);
  if (!isThere) return makeWorkspace(workspace, input);
  if (input.mode === "clean") return cleanWorkspace(workspace, input);
  const opened = await continueWorkspace(workspace, input);
  if (input.mode === "new") {
    opened.notices.unshift("The workspace was there already and is used as it stands.");
  }
  return opened;
}

/** Built beside its place and renamed into it, so that a workspace is whole or not there. */
async function makeWorkspace(workspace: string, input: OpenWorkspace): Promise<OpenedWorkspace> {
  const { home, repositoryId, workspaceId, signal } = input;
  const mirror = mirrorPath(home, repositoryId);
  const start =
    input.mode === "continue" ? (input.headCommit ?? input.baseCommit) : input.baseCommit;
  const temporary = `${workspace}.new-${randomUUID()}`;
  const gitDir = path.join(temporary, ".git");
  const isSpare = await takeSpare({ home, repositoryId, workspaceId, head: start, temporary });
  const checkOut = async () => {
    // Over a spare it renews all that names the branch and the origin's present refs.
    await writeAgentGitFolder(gitDir, { ...input, mirror, head: start });
    if (isSpare) return;
    await git(["read-tree", "-u", "--reset", start], { home, gitDir, workTree: temporary, signal });
  };
  const [shadow] = await Promise.all([
    writeShadow({ home, workspaceId, mirror, head: start }),
    keepBase(mirror, input),
    checkOut(),
  ]);
  if (!isSpare) await copyIndex(path.join(gitDir, "index"), path.join(shadow, "index"));
  if (input.mode === "continue" && input.keptFilesCommit) {
    await bringBackFiles({ ...input, commit: input.keptFilesCommit, workspace: temporary });
  }
  await crashAt("mid:workspace");
  await renameIntoPlace(temporary, workspace);
  const notices =
    input.mode === "continue" ? ["The workspace was gone and has been made again."] : [];
  return { path: workspace, branch: input.branch, headCommit: start, notices, leftBehind: null };
}

/** The base must outlive its branch at the origin, because the clone only borrows it. */
async function keepBase(mirror: string, input: OpenWorkspace): Promise<void> {
  const { home, signal, workspaceId, baseCommit: sha } = input;
  await writeNewRef({ home, mirror, ref: baseRef(workspaceId), sha, signal });
}

/**
 * Removes what a killed worker left of a workspace that it was making: only names with our own suffix,
 * in which no agent has ever been. Nobody else may be making it.
 */
export async function removeHalfMadeWorkspace(
  place: Pick<OpenWorkspace, "home" | "repositoryId" | "workspaceId">,
): Promise<void> {
  const workspace = workspacePath(place.home, place.repositoryId, place.workspaceId);
  const parent = path.dirname(workspace);
  await mkdir(parent, { recursive: true });
  const prefix = `${path.basename(workspace)}.new-`;
  const halfMade = (await readdir(parent)).filter((name) => name.startsWith(prefix));
  for (const name of halfMade) await rm(path.join(parent, name), { recursive: true, force: true });
}

async function renameIntoPlace(temporary: string, workspace: string): Promise<void> {
  try {
    await rename(temporary, workspace);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOTEMPTY" && code !== "EEXIST") throw error;
    await rm(temporary, { recursive: true, force: true });
    throw new Conflict("Somebody else made this workspace at the same moment.", {
      hint: "Try again.",
      facts: { workspace },
      cause: error,
    });
  }
}
