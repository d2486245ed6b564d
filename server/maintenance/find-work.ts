import type { RepositoryId, Sha } from "@/server/domain/ids";
import { decideWhereabouts } from "@/server/domain/work";
import type { OpenWork } from "@/server/ledger/list-open-work";
import type { FoundWork } from "@/server/ledger/record-found-work";
import { findEqualPatches } from "@/server/workspaces/find-equal-patches";
import { keepCommits } from "@/server/workspaces/keep-commits";
import { type LocatedCommit, locateCommits } from "@/server/workspaces/locate-commits";
import type { MirrorSurvey } from "@/server/workspaces/survey-mirror";

interface FindWork {
  home: string;
  repositoryId: RepositoryId;
  survey: MirrorSurvey;
  /** The default branch's head that older entries were compared with; null: none were. */
  comparedTo: Sha | null;
  open: OpenWork[];
  signal?: AbortSignal;
}

const clockSkewMs = 60 * 60 * 1000;

/**
 * Finds where a batch of commits is. One that the mirror has and no ref names gets a keep ref first,
 * unless an operator let it go.
 * @throws GitFailed: then nothing is known of the batch.
 */
export async function findWork(input: FindWork): Promise<FoundWork[]> {
  const { home, repositoryId, survey, open, signal } = input;
  if (open.length === 0) return [];
  const ends = open.flatMap((one) => [...rangesOf(one).flatMap(({ from, to }) => [from, to])]);
  const shas = [...open.map(({ sha }) => sha), ...ends];
  const located = await locateCommits({ home, repositoryId, shas, survey, signal });
  const loose = open.filter((one) => !one.isLetGo && isLoose(located.get(one.sha)));
  await keepCommits({ home, repositoryId, commits: loose, signal });
  const kept = new Set(loose.map(({ sha }) => sha));
  const equals = await findEquals(input, located);
  return open.map((one) => {
    const reach = located.get(one.sha) ?? nowhere;
    const isKept = reach.isKept || kept.has(one.sha);
    const equal = equals.get(one.sha) ?? null;
    return { id: one.id, ...decideWhereabouts({ ...reach, isKept, equal }, one.isLetGo) };
  });
}

const nowhere: LocatedCommit = {
  isInMirror: false,
  isInDefaultBranch: false,
  isInOrigin: false,
  isOnBranch: false,
  isKept: false,
};

function isLoose(reach: LocatedCommit | undefined): boolean {
  if (!reach?.isInMirror || reach.isInDefaultBranch) return false;
  return !reach.isInOrigin && !reach.isOnBranch && !reach.isKept;
}

async function findEquals(input: FindWork, located: Map<Sha, LocatedCommit>) {
  const { home, repositoryId, survey, comparedTo, open, signal } = input;
  const unmerged = open.filter(({ sha }) => {
    const reach = located.get(sha);
    return reach?.isInMirror && !reach.isInDefaultBranch;
  });
  if (!survey.defaultHead || unmerged.length === 0) return new Map();
  const fresh = comparedTo ? unmerged.filter(({ isNew }) => isNew) : unmerged;
  const oldest = Math.min(...fresh.map(({ runCreatedAt }) => runCreatedAt.getTime()));
  return findEqualPatches({
    signal,
    home,
    repositoryId,
    defaultHead: survey.defaultHead,
    after: comparedTo,
    since: fresh.length > 0 ? new Date(oldest - clockSkewMs) : null,
    shas: [...new Set(unmerged.map(({ sha }) => sha))],
    ranges: distinct(unmerged.flatMap(rangesOf)).filter(
      ({ from, to }) => located.get(from)?.isInMirror && located.get(to)?.isInMirror,
    ),
  });
}

/** A squash takes a run whole, or its session up to this run or up to the last one. */
function rangesOf({ baseCommit, headCommit, sessionBase, sessionHead }: OpenWork) {
  const ranges = [baseCommit, sessionBase].flatMap((from) =>
    [headCommit, sessionHead].flatMap((to) => (from && to && from !== to ? [{ from, to }] : [])),
  );
  return distinct(ranges);
}

function distinct(ranges: { from: Sha; to: Sha }[]) {
  return [...new Map(ranges.map((range) => [`${range.from}..${range.to}`, range])).values()];
}
