import type { CommitView, RunView } from "@/server/domain/run-view";

export interface SnapshotPoint {
  number: number;
  sha: string;
}

export interface Point {
  sha: string;
  label: string;
}

/** Where a run's work can be restored: its head, its commits, its snapshots and its base, each once. */
export function listPoints(
  run: Pick<RunView, "workspace">,
  snapshots: SnapshotPoint[],
  commits: Pick<CommitView, "sha" | "message">[],
): Point[] {
  const { headCommit, baseCommit } = run.workspace;
  const points: Point[] = [
    ...(headCommit ? [name(headCommit, "the run's head")] : []),
    ...commits.map(({ sha, message }) => name(sha, message.split("\n", 1)[0] || "(no message)")),
    ...snapshots.map(({ sha, number }) => name(sha, `snapshot ${number}`)),
    ...(baseCommit ? [name(baseCommit, "the base, before the run")] : []),
  ];
  const isFirst = ({ sha }: Point, index: number) =>
    points.findIndex((point) => point.sha === sha) === index;
  return points.filter(isFirst);
}

function name(sha: string, what: string): Point {
  return { sha, label: `${sha.slice(0, 10)}  ${what.slice(0, 80)}` };
}
