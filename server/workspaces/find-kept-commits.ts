import {
  type RepositoryId,
  type RunId,
  runIdSchema,
  type Sha,
  shaSchema,
} from "@/server/domain/ids";
import { git } from "./git";
import { mirrorPath } from "./layout";
import type { MirrorRef, MirrorSurvey } from "./survey-mirror";

export interface KeptCommit {
  runId: RunId;
  sha: Sha;
  ref: string;
  isSnapshot: boolean;
  parents: number;
  author: string;
  at: Date;
  subject: string;
}

const maxCommits = 5000;
const maxNestedCommits = 20;

/** The keep refs and snapshots in a survey that belong to a run. */
export function listKeptRefs(survey: MirrorSurvey): (MirrorRef & { runId: RunId })[] {
  return survey.kept.flatMap((ref) => {
    const id = /^refs\/coppice\/(?:keep|snapshots)\/([^/]+)\/./.exec(ref.name)?.[1];
    const runId = runIdSchema.safeParse(id);
    return runId.success ? [{ ...ref, runId: runId.data }] : [];
  });
}

/** The folder of refs that hold a repository inside a workspace; null for any other ref. */
export function nestedFolder({ name }: Pick<MirrorRef, "name">): string | null {
  return /^refs\/coppice\/keep\/[^/]+\/\d+\/nested\/[^/]+/.exec(name)?.[0] ?? null;
}

/**
 * Lists the commits that given keep refs hold beside all branches of mirror and origin: other branches
 * of an agent, its stash, what it reset away, what lay in a workspace when it was removed. Of a repository
 * inside a workspace, which may be anybody's, only the newest heads are listed. Two processes.
 * @throws GitFailed
 */
export async function findKeptCommits(input: {
  home: string;
  repositoryId: RepositoryId;
  survey: MirrorSurvey;
  refs: (MirrorRef & { runId: RunId })[];
  signal?: AbortSignal;
}): Promise<KeptCommit[]> {
  const { survey } = input;
  // Everybody's history, and the runs' own, which is recorded; a copy of a keep ref is neither.
  const known = [...survey.origin, ...survey.branches, ...survey.kept].filter(
    ({ name }) => !name.startsWith("refs/coppice/") || name.startsWith("refs/coppice/runs/"),
  );
  const without = [...new Set(known.map(({ sha }) => `^${sha}`))];
  const own = await readLog(
    input,
    input.refs.filter((ref) => nestedFolder(ref) === null),
    [],
    without,
  );
  const heads = await readLog(
    input,
    input.refs.filter((ref) => nestedFolder(ref) !== null),
    ["--no-walk=sorted"],
    [],
  );
  const counts = new Map<string, number>();
  const newest = heads.filter(({ ref }) => {
    const folder = nestedFolder({ name: ref }) ?? "";
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
    return (counts.get(folder) ?? 0) <= maxNestedCommits;
  });
  return [...own, ...newest];
}

async function readLog(
  {
    home,
    repositoryId,
    signal,
  }: { home: string; repositoryId: RepositoryId; signal?: AbortSignal },
  refs: (MirrorRef & { runId: RunId })[],
  how: string[],
  without: string[],
): Promise<KeptCommit[]> {
  if (refs.length === 0) return [];
  const lines = [...refs.map(({ name }) => name), ...without];
  const format = "--format=%H%x01%S%x01%P%x01%an%x01%at%x01%s";
  const { stdout } = await git(
    ["log", "-z", ...how, `--max-count=${maxCommits}`, format, "--stdin"],
    {
      home,
      gitDir: mirrorPath(home, repositoryId),
      input: `${lines.join("\n")}\n`,
      maxOutputBytes: 256 * 1024 * 1024,
      signal,
    },
  );
  const owners = new Map(refs.map((ref) => [ref.name, ref.runId]));
  return stdout
    .toString("utf8")
    .split("\0")
    .flatMap((line) => readCommit(line, owners));
}

function readCommit(line: string, owners: Map<string, RunId>): KeptCommit[] {
  const [sha, ref = "", parents = "", author = "", seconds = "0", ...subject] =
    line.split("\u0001");
  const runId = owners.get(ref);
  if (!sha || !runId) return [];
  return [
    {
      runId,
      sha: shaSchema.parse(sha),
      ref,
      isSnapshot: ref.startsWith("refs/coppice/snapshots/"),
      parents: parents.split(" ").filter(Boolean).length,
      author,
      at: new Date(Number(seconds) * 1000),
      subject: subject.join(" "),
    },
  ];
}
