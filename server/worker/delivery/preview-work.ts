import type { DeliveryPreview, FileConflict } from "@/server/domain/delivery";
import type { Refusal } from "@/server/domain/delivery-rules";
import { composeCompareUrl } from "@/server/domain/forge-links";
import type { Sha } from "@/server/domain/ids";
import { compareCommits } from "@/server/workspaces/compare-commits";
import { type CommitRange, findMergeBase, listRange } from "@/server/workspaces/list-range";
import { type PlannedWork, planResult, type ResultPlan } from "./plan-result";

export interface PreviewedWork extends PlannedWork {
  /** Of a pull request, what it is to be merged into. */
  base: string | null;
  mayOpenPullRequest: boolean;
  /** Of an undo: what it does, or why nothing can be undone. */
  said: { sentence: string } | Refusal | null;
}

const emptyRange: CommitRange = {
  ...{ commits: [], files: [], fileCount: 0, additions: 0, deletions: 0 },
};

interface Seen {
  plan: ResultPlan;
  range: CommitRange;
  behind: number;
  commitCount: number;
}

const maxKnown = 100;
const known = new Map<string, Seen>();

/** Says what a delivery would do with the origin's branches as they stand. @throws as planResult does. */
export async function previewWork(
  work: PreviewedWork,
  branches: Map<string, Sha>,
): Promise<DeliveryPreview> {
  const { delivery, repository, base, said } = work;
  const now = branches.get(delivery.target) ?? null;
  const isRefused = said !== null && "problem" in said;
  const seen = isRefused
    ? { plan: { act: "refuse" as const, ...said }, range: emptyRange, behind: 0, commitCount: 0 }
    : await look(work, now, branches);
  const { plan, range, behind, commitCount } = seen;
  const sentence =
    said && "sentence" in said ? said.sentence : describePlan(work, plan, now, commitCount);
  return {
    ...{ kind: delivery.kind, method: delivery.method, target: delivery.target, base },
    ...{ sourceSha: delivery.sourceSha, targetSha: now, sentence, behind, commitCount, ...range },
    outcome: outcomeOf(plan, now),
    problem: plan.act === "refuse" ? plan.problem : null,
    hint: plan.act === "refuse" ? plan.hint : null,
    mayFastForward: now !== null && behind === 0,
    conflicts: plan.act === "conflict" ? plan.conflicts : [],
    branches: [...branches.keys()].sort().slice(0, 500),
    compareUrl: composeCompareUrl(
      repository.origin,
      base ?? repository.defaultBranch,
      delivery.target,
    ),
    mayOpenPullRequest: work.mayOpenPullRequest,
  };
}

/** Once for the same commits: whoever looks again, or chooses another branch and back, waits for nothing. */
async function look(work: PreviewedWork, now: Sha | null, branches: Map<string, Sha>) {
  const { delivery, repository, undone, ours } = work;
  const { kind, method, target, sourceSha } = delivery;
  const from = now ?? branches.get(work.base ?? repository.defaultBranch) ?? null;
  const key = JSON.stringify([
    ...[repository.id, kind, method, target, sourceSha, now, from, undone?.id, ours],
  ]);
  const found = known.get(key);
  const isLocal = repository.origin.startsWith("/");
  // What somebody has checked out on this host changes without any commit.
  if (found && !isLocal) return found;
  const seen = found
    ? { ...found, plan: await planResult(work, now) }
    : await lookAnew(work, now, from);
  known.set(key, seen);
  const oldest = known.keys().next().value;
  if (known.size > maxKnown && oldest !== undefined) known.delete(oldest);
  return seen;
}

async function lookAnew(work: PreviewedWork, now: Sha | null, against: Sha | null): Promise<Seen> {
  const { home, repository, delivery, undone, run } = work;
  const place = { home, repositoryId: repository.id };
  const plan = await planResult(work, now);
  const source = undone?.resultSha ?? delivery.sourceSha;
  const target = (undone ? undone.oldSha : work.base ? null : now) ?? against ?? run.baseCommit;
  if (!target) return { plan, range: emptyRange, behind: 0, commitCount: 0 };
  const apart = await compareCommits({ ...place, first: target, second: source });
  const result = plan.act === "push" ? plan.result : null;
  const common = await findMergeBase(home, repository.id, target, source);
  const isMerge = delivery.kind === "merge" && now !== null && result !== null;
  const isUndo = undone !== null;
  const from = isMerge ? now : isUndo ? source : (common ?? target);
  const to = isMerge ? result : isUndo ? target : source;
  return {
    plan,
    range: await listRange({ ...place, target, source, from, to }),
    behind: apart.onlyInFirst,
    commitCount: apart.onlyInSecond,
  };
}

function outcomeOf(plan: ResultPlan, now: Sha | null): DeliveryPreview["outcome"] {
  if (plan.act === "refuse") return "refused";
  if (plan.act === "conflict") return "conflict";
  if (plan.act === "nothing") return "nothing_to_do";
  if (plan.result === null) return "deletes";
  return now === null ? "creates" : "updates";
}

function describePlan(
  { delivery, base, mayOpenPullRequest }: PreviewedWork,
  plan: ResultPlan,
  now: Sha | null,
  count: number,
): string {
  const { kind, target } = delivery;
  const commits = count === 1 ? "1 commit" : `${count} commits`;
  if (plan.act === "refuse") return plan.problem;
  if (plan.act === "conflict") return describeConflicts(plan.conflicts, target);
  const request =
    kind !== "pull_request"
      ? ""
      : mayOpenPullRequest
        ? ` A pull request into ${base} is opened or brought up to date.`
        : ` Open the pull request into ${base} on your forge then.`;
  if (plan.act === "nothing") return `The origin's ${target} has this work already.${request}`;
  if (kind === "merge") return `${commits} go into ${target}.`;
  const way = now === null ? `as the new branch ${target}` : `to ${target}`;
  return `${commits} are pushed ${way}.${request}`;
}

function describeConflicts(conflicts: FileConflict[], target: string): string {
  const files = conflicts.length === 1 ? "1 file does" : `${conflicts.length} files do`;
  return `${files} not merge into ${target}.`;
}
