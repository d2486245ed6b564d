import { rm } from "node:fs/promises";
import path from "node:path";
import { Conflict } from "@/server/domain/errors";
import { shaSchema } from "@/server/domain/ids";
import { captureWorkspace, type LeftOut, type WorkspaceCapture } from "./capture-workspace";
import { collectCommits } from "./collect-commits";
import { collectNested } from "./collect-nested";
import { findNested } from "./find-nested";
import { git } from "./git";
import { gitInMirror } from "./git-in-mirror";
import { inspectGitState } from "./inspect-git-state";
import { baseRef, mirrorPath, shadowPath, workspacePath } from "./layout";
import type { OpenedWorkspace, OpenWorkspace } from "./open-workspace";
import { replaceGitFolder } from "./replace-git-folder";
import { surveyWorkspace } from "./survey-workspace";
import { copyIndex } from "./write-shadow";

/**
 * Gives a used workspace to another session: captures and collects what was left, puts a fresh
 * `.git` under the files and brings them to `baseCommit`. Nothing is reset under a used `.git`, and
 * ignored files stay.
 * @throws Conflict when something there could not be stored; then nothing was changed.
 */
export async function cleanWorkspace(
  workspace: string,
  input: OpenWorkspace,
): Promise<OpenedWorkspace> {
  const { home, baseCommit, branch } = input;
  const mirror = mirrorPath(home, input.repositoryId);
  const notices: string[] = [];
  const isAllKept = await keepCommits(workspace, mirror, input, notices);
  const leftBehind = await captureLeftovers(input);
  if (leftBehind.sha) {
    notices.push(`Files were left there unrecorded; kept as ${leftBehind.sha}.`);
    await input.recordLeftBehind?.(leftBehind);
  }
  await moveBase(mirror, input);
  const aside = await replaceGitFolder(workspace, { ...input, mirror, head: baseCommit });
  await bringFilesTo(workspace, mirror, input);
  if (aside && isAllKept) await rm(aside, { recursive: true, force: true });
  else if (aside) notices.push(`Its git folder could not be read and was set aside: ${aside}.`);
  return {
    path: workspace,
    branch,
    headCommit: baseCommit,
    notices,
    leftBehind: leftBehind.sha ? leftBehind : null,
  };
}

async function captureLeftovers(input: OpenWorkspace): Promise<WorkspaceCapture> {
  const capture = await captureWorkspace({
    ...input,
    parent: input.headCommit ?? input.baseCommit,
    message: "Files left in the workspace before this run\n",
  });
  const leftOut = [...capture.leftOut, ...(await collectNestedThatGo(input))];
  if (leftOut.length > 0) {
    const named = leftOut.slice(0, 5).map((left) => `${left.path} (${left.why})`);
    throw new Conflict(`The workspace holds files that cannot be stored: ${named.join(", ")}.`, {
      hint: "Move them away, or run in a new workspace.",
      facts: { leftOut },
    });
  }
  return capture;
}

/** Repositories made inside go with their history; those in ignored folders stay where they are. */
async function collectNestedThatGo(input: OpenWorkspace): Promise<LeftOut[]> {
  const workspace = workspacePath(input.home, input.repositoryId, input.workspaceId);
  const nested = await findNested(workspace);
  if (nested.length === 0) return [];
  const parent = input.headCommit ?? input.baseCommit;
  const { ignored, rebuildable } = await surveyWorkspace({ ...input, parent });
  const staying = [...ignored, ...rebuildable].filter((name) => name.endsWith("/"));
  return collectNested(
    input,
    nested.filter((name) => !staying.some((folder) => `${name}/`.startsWith(folder))),
  );
}

/** A run that changed nothing is held by its base alone, so the old one stays held as well. */
async function moveBase(mirror: string, { home, workspaceId, baseCommit }: OpenWorkspace) {
  const ref = baseRef(workspaceId);
  const { stdout } = await git(["rev-parse", "--verify", "--quiet", "--end-of-options", ref], {
    home,
    gitDir: mirror,
    okExitCodes: [0, 1],
  });
  const old = shaSchema.safeParse(stdout.toString().trim()).data;
  const keep = old && old !== baseCommit ? `update refs/coppice/gone/${old} ${old}\n` : "";
  const input = `${keep}update ${ref} ${baseCommit}\n`;
  await gitInMirror(mirror, ["update-ref", "--stdin"], { home, input });
}

async function keepCommits(
  workspace: string,
  mirror: string,
  input: OpenWorkspace,
  notices: string[],
): Promise<boolean> {
  const state = await inspectGitState(workspace, mirror);
  if (state.kind === "missing") return true;
  const collected = await collectCommits(input);
  if (state.unfinished.length > 0) {
    notices.push(
      `An unfinished ${state.unfinished.join(" and ")} was given up; its commits are kept.`,
    );
  }
  return collected.isComplete;
}

/**
 * The private index knows every file that was captured, so going from it to the base removes just
 * those; `clean` then takes empty folders and what is left of repositories made inside.
 */
async function bringFilesTo(workspace: string, mirror: string, input: OpenWorkspace) {
  const { home, baseCommit, confine, signal } = input;
  const gitDir = path.join(workspace, ".git");
  const shadow = shadowPath(home, input.workspaceId);
  await copyIndex(path.join(shadow, "index"), path.join(gitDir, "index"));
  const access = {
    readWrite: [workspace],
    readOnly: [path.join(mirror, "objects"), path.join(home, "git")],
    network: false,
  };
  const options = { home, gitDir, workTree: workspace, cwd: workspace, confine, access, signal };
  await git(["read-tree", "-u", "--reset", baseCommit], options);
  await git(["clean", "-ffdq"], options);
  await copyIndex(path.join(gitDir, "index"), path.join(shadow, "index"));
}
