import { readControl } from "@/server/agents/read-control";
import { type EndReason, endReasonFacts } from "@/server/domain/end-reasons";
import type { Sha } from "@/server/domain/ids";
import { limits } from "@/server/domain/limits";
import type { Leftover } from "@/server/ledger/record-leftovers";
import { captureWorkspace } from "@/server/workspaces/capture-workspace";
import { collectCommits } from "@/server/workspaces/collect-commits";
import { diffRange } from "@/server/workspaces/diff-range";
import type { WorkspaceGitState } from "@/server/workspaces/inspect-git-state";
import { type CommitFacts, listCommits } from "@/server/workspaces/list-commits";
import { updateRunBranch } from "@/server/workspaces/update-run-branch";
import { failingAs } from "./attempt-failed";
import type { Hold, WorkerContext } from "./context";
import { listLeftovers } from "./list-leftovers";
import type { Work } from "./load-work";

/** What an attempt left behind, all of it reachable in the mirror by now. */
export interface CollectedWork {
  headCommit: Sha;
  commits: CommitFacts[];
  /** Files that differ between the base and the head. */
  filesChanged: number;
  snapshot: { sha: Sha; ref: string; leftOut: { path: string; why: string }[] } | null;
  /** What is in no commit. */
  leftovers: Leftover[];
  notices: string[];
}

/**
 * Brings an attempt's commits and its uncommitted files into the mirror and lists its history from
 * git. Found through the run's rows alone; doing it again gives the same commits.
 * @throws AttemptFailed (`workspace_failed`) when the workspace cannot be read: nothing is deleted then.
 */
export async function collectWork(
  context: WorkerContext,
  hold: Hold,
  work: Work,
  reason: EndReason,
): Promise<CollectedWork> {
  const { home, confine } = context;
  const { run, workspace, repository, session } = work;
  const base = run.baseCommit;
  if (!base) throw new Error(`run ${run.id} is being finished without a base commit`);
  const place = { home, repositoryId: repository.id, workspaceId: workspace.id, confine };
  const owner = { runId: run.id, attemptNumber: hold.attemptNumber };
  return failingAs("workspace_failed", async () => {
    const collected = await collectCommits({
      ...place,
      ...owner,
      branch: session.branch,
      baseCommit: base,
    });
    const parent = collected.headCommit ?? base;
    const captured = await captureWorkspace({
      ...place,
      ...owner,
      parent,
      message: describeSnapshot(hold, work, reason),
      at: whenEnded(hold, work),
    });
    // Half a rebase or merge is no work to put on a branch: its files stay under their own ref.
    const isUnfinished = collected.state.unfinished.length > 0;
    const headCommit = isUnfinished ? parent : (captured.sha ?? parent);
    const branch = headCommit === base ? null : await moveBranch(context, work, headCommit);
    const listed = await listCommits({
      ...place,
      baseCommit: base,
      headCommit,
      maxPatchBytes: limits.maxPatchBytes,
    });
    const snapshot =
      captured.sha && captured.ref
        ? { sha: captured.sha, ref: captured.ref, leftOut: captured.leftOut }
        : null;
    return {
      headCommit,
      commits: listed,
      filesChanged: await countFiles(context, work, base, headCommit, listed),
      snapshot,
      leftovers: listLeftovers(captured),
      notices: [
        collected.problem,
        ...describeState(collected.state, session.branch),
        branch,
        ...captured.nestedRepositories.map(
          (path) => `${path} is a repository of its own; its files were kept as plain files.`,
        ),
        ...captured.leftOut.map(({ path, why }) => `${path} was left out of the snapshot: ${why}`),
      ].filter((notice) => notice !== null),
    };
  });
}

/** What the agent left behind in git that a person should know of. */
function describeState(state: WorkspaceGitState, branch: string): string[] {
  const unfinished = state.unfinished.map(
    (what) => `An unfinished ${what} was left; its files are kept beside the branch, not on it.`,
  );
  if (state.branch === branch || state.kind !== "usable") return unfinished;
  const where = state.branch ? `the branch ${state.branch}` : "no branch (a detached HEAD)";
  return [...unfinished, `The agent left ${where} checked out; those commits are kept too.`];
}

/**
 * Sets the session's branch in the mirror. It may stand where this run began, or where an attempt
 * before this one left it; anything else is somebody else's work and stays.
 */
async function moveBranch(
  context: WorkerContext,
  work: Work,
  headCommit: Sha,
): Promise<string | null> {
  const input = {
    home: context.home,
    repositoryId: work.repository.id,
    runId: work.run.id,
    branch: work.session.branch,
    headCommit,
  };
  const first = await updateRunBranch({ ...input, expected: null });
  if (first.isMoved || !first.foundCommit) return first.notice;
  const ours = [work.run.baseCommit, work.workspace.headCommit, work.run.headCommit];
  if (!ours.includes(first.foundCommit)) return first.notice;
  return (await updateRunBranch({ ...input, expected: first.foundCommit })).notice;
}

async function countFiles(
  context: WorkerContext,
  work: Work,
  from: Sha,
  to: Sha,
  listed: CommitFacts[],
): Promise<number> {
  if (listed.length === 0) return 0;
  if (listed.length === 1) return listed[0]?.files ?? 0;
  const range = { home: context.home, repositoryId: work.repository.id, from, to, maxBytes: 0 };
  return (await diffRange(range)).files;
}

/** The same whenever it is asked, so that a snapshot made again is the same commit. */
function whenEnded(hold: Hold, { attempt }: Work): Date {
  return readControl(hold.controlPath).exit?.at ?? attempt.agentStartedAt ?? attempt.startedAt;
}

function describeSnapshot(hold: Hold, { run }: Work, reason: EndReason): string {
  return [
    `Keep what ${run.agent} left uncommitted in run #${run.number}`,
    "",
    `Coppice made this commit when the attempt ended: ${endReasonFacts[reason].label}.`,
    "",
    `Coppice-Run: ${run.id}`,
    `Coppice-Attempt: ${hold.attemptNumber}`,
    `Coppice-Agent: ${run.agent}`,
    `Coppice-Session: ${run.sessionId}`,
    "",
  ].join("\n");
}
