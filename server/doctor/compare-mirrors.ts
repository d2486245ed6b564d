import type { RecordedCommit } from "@/server/differences/list-recorded-commits";
import type { HostRows } from "@/server/differences/read-host-rows";
import { type Difference, describeDifference, type OfferedFix } from "@/server/domain/difference";
import type { DifferenceKind } from "@/server/domain/difference-kinds";
import { groupBy } from "@/server/domain/group-by";
import type { HostFacts } from "./host-facts";

type Mirror = HostFacts["mirrors"][number];
type Repository = HostRows["repositories"][number];

const shownCommits = 20;

/** Mirrors against what is recorded of them, and origins against reality. */
export function compareMirrors(facts: HostFacts, rows: HostRows, before: Date): Difference[] {
  const repositoryOf = new Map<string, Repository>(rows.repositories.map((row) => [row.id, row]));
  return [
    ...facts.mirrors.flatMap((mirror) => {
      const repository = repositoryOf.get(mirror.repositoryId);
      if (!repository) return [];
      if (!mirror.isThere) return findMissingMirror(facts, rows, mirror, repository, before);
      return compareMirror(facts, rows, mirror, repository);
    }),
    ...facts.origins.flatMap(({ repositoryId, problem }) => {
      const repository = repositoryOf.get(repositoryId);
      return repository && problem ? [describeOrigin(facts, repository, problem)] : [];
    }),
  ];
}

const subjectOf = ({ id, name }: Repository) => ({ repositoryId: id, repository: name });

function findMissingMirror(
  facts: HostFacts,
  rows: HostRows,
  mirror: Mirror,
  repository: Repository,
  before: Date,
): Difference[] {
  const recorded = facts.recorded.filter(({ repositoryId }) => repositoryId === repository.id);
  const borrowers = rows.workspaces.filter(
    ({ repositoryId, workerId, state, usedAt }) =>
      repositoryId === repository.id &&
      workerId === facts.workerId &&
      state === "ready" &&
      (usedAt ?? before) <= before,
  );
  if (recorded.length + borrowers.length === 0) return [];
  return [
    describeDifference({
      kind: "mirror_missing",
      of: repository.id,
      workerId: facts.workerId,
      title: `The mirror of ${repository.name} is not on this host.`,
      subject: { ...subjectOf(repository), path: mirror.path },
      evidence: {
        mirror: mirror.path,
        "recorded commits that it held": recorded.length,
        "workspaces that borrow from it": borrowers.length,
        origin: repository.origin,
      },
      fixes: [
        {
          action: "make_mirror",
          steps: [
            `If remains of it lie at ${mirror.path}, put them into quarantine.`,
            `Make ${mirror.path} again and fetch every branch and tag of ${repository.origin} into it. Commits that only the lost mirror had do not come back by this.`,
          ],
        },
      ],
    }),
  ];
}

function compareMirror(
  facts: HostFacts,
  rows: HostRows,
  mirror: Mirror,
  repository: Repository,
): Difference[] {
  const recorded = facts.recorded.filter(({ repositoryId }) => repositoryId === repository.id);
  const missing = new Set<string>(mirror.missing);
  const withoutRef = new Set<string>(mirror.withoutRef);
  const damage = mirror.problem === null ? [] : [describeDamage(facts, mirror, repository)];
  return [
    ...damage,
    ...byRun(recorded.filter(({ sha }) => missing.has(sha))).map((lost) =>
      describeCommits(facts, "commit_missing", lost, mirror, repository, {
        action: "look_for_commits",
        steps: [
          `Fetch every branch and tag of ${repository.origin} into the mirror.`,
          `Fetch what is still missing from the run's workspace, if its folder is there, and give each commit found a ref below ${keepFound(lost[0])}.`,
        ],
      }),
    ),
    ...byRun(recorded.filter(({ sha }) => withoutRef.has(sha))).map((loose) =>
      describeCommits(facts, "commit_without_ref", loose, mirror, repository, {
        action: "keep_commits",
        steps: loose.map(({ sha }) => `Make the ref ${keepFound(loose[0])}/${sha}.`),
      }),
    ),
    ...findForeignRefs(facts, rows, mirror, repository),
  ];
}

/** Where commits that the doctor saved are kept. */
export function keepFound(
  commit: Pick<RecordedCommit, "runId" | "attemptNumber"> | undefined,
): string {
  return `refs/coppice/keep/${commit?.runId}/${commit?.attemptNumber}/found`;
}

function byRun(commits: RecordedCommit[]): RecordedCommit[][] {
  return [...groupBy(commits, ({ runId }) => runId).values()];
}

function describeCommits(
  facts: HostFacts,
  kind: Extract<DifferenceKind, "commit_missing" | "commit_without_ref">,
  commits: RecordedCommit[],
  mirror: Mirror,
  repository: Repository,
  fix: OfferedFix,
): Difference {
  const [first] = commits;
  const what = kind === "commit_missing" ? "are not in the mirror" : "are under no ref";
  const count = commits.length === 1 ? "1 recorded commit" : `${commits.length} recorded commits`;
  return describeDifference({
    kind,
    of: first?.runId ?? "",
    workerId: facts.workerId,
    title: `${count} of run #${first?.runNumber} ${commits.length === 1 ? what.replace("are", "is") : what}.`,
    subject: {
      ...subjectOf(repository),
      runId: first?.runId,
      runNumber: first?.runNumber,
      path: mirror.path,
    },
    evidence: {
      mirror: mirror.path,
      ...Object.fromEntries(commits.slice(0, shownCommits).map(({ sha, as }) => [sha, as])),
      ...(commits.length > shownCommits ? { "and more": commits.length - shownCommits } : {}),
    },
    fixes: [fix],
  });
}

function describeDamage(facts: HostFacts, mirror: Mirror, repository: Repository): Difference {
  return describeDifference({
    kind: "mirror_damaged",
    of: repository.id,
    workerId: facts.workerId,
    title: `git cannot read the mirror of ${repository.name}.`,
    subject: { ...subjectOf(repository), path: mirror.path },
    evidence: { mirror: mirror.path, "what git says": mirror.problem },
  });
}

function findForeignRefs(
  facts: HostFacts,
  rows: HostRows,
  mirror: Mirror,
  repository: Repository,
): Difference[] {
  const foreign = mirror.workRefs.filter(({ runId }) => !rows.knownRunIds.has(runId));
  return [...groupBy(foreign, ({ runId }) => runId)].map(([runId, refs]) =>
    describeDifference({
      kind: "ref_without_run",
      of: `${repository.id}/${runId}`,
      workerId: facts.workerId,
      title: `The mirror of ${repository.name} keeps work of run ${runId.slice(0, 8)}, which the database does not know.`,
      subject: { ...subjectOf(repository), path: mirror.path },
      evidence: {
        mirror: mirror.path,
        run: runId,
        refs: refs.length,
        ...Object.fromEntries(refs.slice(0, shownCommits).map(({ name, sha }) => [name, sha])),
      },
    }),
  );
}

function describeOrigin(facts: HostFacts, repository: Repository, problem: string): Difference {
  return describeDifference({
    kind: "origin_gone",
    of: repository.id,
    workerId: facts.workerId,
    title: `The origin of ${repository.name} cannot be read from this host.`,
    subject: subjectOf(repository),
    evidence: { origin: repository.origin, "what was found": problem },
  });
}
