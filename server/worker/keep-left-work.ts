import { existsSync } from "node:fs";
import { captureWorkspace } from "@/server/workspaces/capture-workspace";
import { collectCommits } from "@/server/workspaces/collect-commits";
import { workspacePath } from "@/server/workspaces/layout";
import type { WorkerContext } from "./context";
import type { LeftWork } from "./settle-left-work";

interface KeptWork {
  refs: { name: string; sha: string }[];
  /** What could not be stored; the folder stays whole. */
  problem: string | null;
}

/**
 * Brings commits and files of a workspace that was left on a lost host into this host's mirror, as the
 * end of an attempt does. The run's branch does not move: it goes on elsewhere.
 * @throws GitFailed
 */
export async function keepLeftWork(
  { home, confine }: WorkerContext,
  { left, run, branch, sessionId }: LeftWork,
): Promise<KeptWork> {
  const { repositoryId, workspaceId } = left;
  const folder = workspacePath(home, repositoryId, workspaceId);
  if (!existsSync(folder) || !run.baseCommit) return { refs: [], problem: null };
  const place = { home, repositoryId, workspaceId, confine };
  const owner = { runId: run.id, attemptNumber: left.attempt };
  const collected = await collectCommits({
    ...place,
    ...owner,
    branch,
    baseCommit: run.baseCommit,
  });
  const captured = await captureWorkspace({
    ...place,
    ...owner,
    parent: collected.headCommit ?? run.baseCommit,
    message: writeMessage(left.attempt, run, sessionId),
    at: left.leftAt,
  });
  const snapshot = captured.ref && captured.sha ? [{ name: captured.ref, sha: captured.sha }] : [];
  const leftOut = captured.leftOut.map(({ path, why }) => `${path} (${why})`).slice(0, 5);
  const problems = [
    collected.problem,
    leftOut.length > 0 ? `Not stored: ${leftOut.join(", ")}.` : null,
  ].filter(Boolean);
  return { refs: [...collected.refs, ...snapshot], problem: problems.join(" ") || null };
}

function writeMessage(attempt: number, run: LeftWork["run"], sessionId: string): string {
  return [
    `Keep what ${run.agent} left uncommitted in run #${run.number}`,
    "",
    "Coppice made this commit when the host came back that had been declared lost.",
    "",
    `Coppice-Run: ${run.id}`,
    `Coppice-Attempt: ${attempt}`,
    `Coppice-Agent: ${run.agent}`,
    `Coppice-Session: ${sessionId}`,
    "",
  ].join("\n");
}
