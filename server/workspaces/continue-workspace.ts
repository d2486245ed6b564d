import { randomUUID } from "node:crypto";
import { rename, unlink } from "node:fs/promises";
import path from "node:path";
import { type Sha, shaSchema } from "@/server/domain/ids";
import { git } from "./git";
import { inspectGitState, type WorkspaceGitState } from "./inspect-git-state";
import { mirrorPath } from "./layout";
import type { OpenedWorkspace, OpenWorkspace } from "./open-workspace";
import { readGitRefs } from "./read-git-refs";
import { replaceGitFolder } from "./replace-git-folder";
import { writeShadow } from "./write-shadow";

/**
 * Goes on in a workspace as it stands. The agent's own `.git` is kept while it is usable; its branch
 * is moved to the recorded head when that holds more (our snapshot). Files are never changed.
 * No process of an earlier attempt may be alive.
 */
export async function continueWorkspace(
  workspace: string,
  input: OpenWorkspace,
): Promise<OpenedWorkspace> {
  const { home, repositoryId, workspaceId, branch } = input;
  const mirror = mirrorPath(home, repositoryId);
  const wanted = input.headCommit ?? input.baseCommit;
  const notices: string[] = [];
  await writeShadow({ home, workspaceId, mirror, head: wanted });
  const state = await inspectGitState(workspace, mirror);
  if (state.kind !== "usable") {
    notices.push(`The workspace's git folder was not usable (${state.why}) and was made new.`);
    await replaceGitFolder(workspace, { ...input, mirror, head: wanted });
    await readIndex(workspace, wanted, input);
    return { path: workspace, branch, headCommit: wanted, notices, leftBehind: null };
  }
  await removeLocks(workspace, state, notices);
  const headCommit = await advanceBranch(workspace, state, wanted, input, notices);
  return { path: workspace, branch, headCommit, notices, leftBehind: null };
}

/** The agent is gone, so nobody holds these any more. */
async function removeLocks(workspace: string, state: WorkspaceGitState, notices: string[]) {
  for (const lock of state.locks) await unlink(path.join(workspace, ".git", lock));
  if (state.locks.length > 0) {
    notices.push(`Lock files of a stopped git were removed: ${state.locks.join(", ")}.`);
  }
}

async function advanceBranch(
  workspace: string,
  state: WorkspaceGitState,
  wanted: Sha,
  input: OpenWorkspace,
  notices: string[],
): Promise<Sha> {
  const refs = await readGitRefs(path.join(workspace, ".git"));
  const current = shaSchema.safeParse(refs.get(`refs/heads/${input.branch}`)).data;
  if (state.unfinished.length > 0) {
    notices.push(`An unfinished ${state.unfinished.join(" and ")} is still there.`);
    return current ?? wanted;
  }
  if (state.branch !== input.branch) {
    notices.push(`The agent had checked out ${state.branch ?? "a commit without a branch"}.`);
  }
  if (current === wanted) return wanted;
  if (current && !(await contains(wanted, current, input))) {
    notices.push(`The branch ${input.branch} holds commits beyond the recorded head; they stay.`);
    return current;
  }
  await moveBranch(workspace, state, current, wanted, input);
  return wanted;
}

/** Asked in the mirror; a commit that it does not have was never recorded. */
async function contains(wanted: Sha, current: Sha, input: OpenWorkspace): Promise<boolean> {
  const { exitCode } = await git(["merge-base", "--is-ancestor", current, wanted], {
    home: input.home,
    gitDir: mirrorPath(input.home, input.repositoryId),
    okExitCodes: [0, 1, 128],
  });
  return exitCode === 0;
}

async function moveBranch(
  workspace: string,
  state: WorkspaceGitState,
  current: Sha | undefined,
  wanted: Sha,
  input: OpenWorkspace,
): Promise<void> {
  const ref = `refs/heads/${input.branch}`;
  const old = current ?? "0".repeat(wanted.length);
  await gitInClone(workspace, ["update-ref", ref, wanted, old], input);
  if (state.branch === input.branch) await readIndex(workspace, wanted, input);
}

/**
 * The index as of a commit; the files are left alone. Made by our git and put there as a file: in
 * the agent's repository even `read-tree` can start a planted filter.
 */
async function readIndex(workspace: string, commit: Sha, input: OpenWorkspace): Promise<void> {
  const { home, repositoryId, signal } = input;
  const indexFile = path.join(workspace, ".git", `index.coppice-${randomUUID()}`);
  const gitDir = mirrorPath(home, repositoryId);
  await git(["read-tree", commit], { home, gitDir, indexFile, signal });
  await rename(indexFile, path.join(workspace, ".git/index"));
}

/**
 * The one place where git runs with a config that an agent could write to: `update-ref` alone, which
 * reads no file of the checkout, with hooks off, and confined where the host can confine.
 */
async function gitInClone(workspace: string, args: string[], input: OpenWorkspace): Promise<void> {
  const { home, confine, signal } = input;
  const mirror = mirrorPath(home, input.repositoryId);
  await git(args, {
    home,
    gitDir: path.join(workspace, ".git"),
    workTree: workspace,
    cwd: workspace,
    confine,
    access: {
      readWrite: [workspace],
      readOnly: [path.join(mirror, "objects"), path.join(home, "git")],
      network: false,
    },
    signal,
  });
}
