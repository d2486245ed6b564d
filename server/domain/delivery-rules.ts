import type { DeliveryPolicy, MergeMethod } from "./delivery";
import type { Verdict } from "./verdicts";

/** How two commits stand to one another, all seen at one moment. */
export interface TargetFacts {
  /** Where the target stands at the origin; null: there is no such branch. */
  target: string | null;
  source: string;
  /** The target is contained in the source. */
  isTargetInSource: boolean;
  /** The source is contained in the target. */
  isSourceInTarget: boolean;
}

export type Refusal = { problem: string; hint: string };
export type TargetDecision = { act: "push" } | { act: "nothing" } | ({ act: "refuse" } & Refusal);

/**
 * Whether a branch may be set to the work: it is new, or only moves forward, or stands where a delivery
 * of ours left it.
 */
export function decidePush(
  { target, source, isTargetInSource, isSourceInTarget }: TargetFacts,
  branch: string,
  ours: readonly string[],
): TargetDecision {
  if (target === null) return { act: "push" };
  if (target === source || isSourceInTarget) return { act: "nothing" };
  if (isTargetInSource || ours.includes(target)) return { act: "push" };
  return {
    act: "refuse",
    problem: `${branch} holds commits at the origin that this work does not have.`,
    hint: "Deliver to another branch, or merge into it.",
  };
}

/** Whether a branch can be merged into, before the merge itself is tried. */
export function decideMerge(
  facts: TargetFacts,
  branch: string,
  method: MergeMethod,
): TargetDecision {
  if (facts.target === null) {
    return {
      act: "refuse",
      problem: `The origin has no branch ${branch}.`,
      hint: "Choose a branch that is there, or push the work as a new branch.",
    };
  }
  if (facts.isSourceInTarget) return { act: "nothing" };
  if (method === "fast_forward" && !facts.isTargetInSource) {
    return {
      act: "refuse",
      problem: `${branch} has commits that the work does not have, so it cannot be fast-forwarded.`,
      hint: "Deliver with a merge commit, a squash or a rebase.",
    };
  }
  return { act: "push" };
}

/** The target moved between what was shown or committed and now. */
export function describeMove(branch: string, from: string | null, to: string | null): Refusal {
  const say = (sha: string | null) => sha?.slice(0, 10) ?? "nothing";
  return {
    problem: `${branch} has moved meanwhile, from ${say(from)} to ${say(to)}; nothing was changed.`,
    hint: "Look at the preview again, then deliver.",
  };
}

/** Somebody has the branch checked out in a repository on this host: their files are theirs. */
export function describeCheckout(branch: string, folder: string | null): Refusal {
  return {
    problem: `${branch} is checked out in ${folder ?? "the origin"}, and a push would leave those files behind it.`,
    hint: `Push the work as a branch of its own, then merge it there with git; or check out another branch there first.`,
  };
}

/**
 * Whether a push that was committed as an intent has happened, by where the branch stands now. `lost`:
 * somebody else moved the branch, and ours is not in it.
 */
export function judgePush(
  intent: { old: string | null; result: string | null },
  now: string | null,
  isResultInNow: boolean,
): "happened" | "not_yet" | "lost" {
  if (now === intent.result) return "happened";
  if (now === intent.old) return "not_yet";
  return intent.result !== null && isResultInNow ? "happened" : "lost";
}

export interface EndFacts {
  /** The attempt ended as completed. */
  isCompleted: boolean;
  verdict: Verdict | null;
}

/** What the end of a run is to deliver: `now`, `nothing`, or not, with a word why not. */
export function decideByPolicy(
  policy: DeliveryPolicy | null | undefined,
  { isCompleted, verdict }: EndFacts,
): { deliver: "now" | "nothing" } | { deliver: "not"; why: string } {
  if (!policy || policy.kind === "none" || !isCompleted) return { deliver: "nothing" };
  if (verdict === "verified") return { deliver: "now" };
  if (verdict !== "unverified") return { deliver: "nothing" };
  if (policy.when === "success") return { deliver: "now" };
  const why =
    "Not delivered: the work is to be verified first, and no check has vouched for it. Deliver it by hand, or add checks.";
  return { deliver: "not", why };
}

const pausesSeconds = [5, 15, 60, 300, 900, 3600];
const pausesWhileHeldSeconds = [2, 5];

/**
 * In how many seconds an origin that could not be reached is asked again, after so many tries; null: no
 * more. A run that waits for it holds a slot, so it waits a short time.
 */
export function decideNextTry(tries: number, isRunHeld: boolean): number | null {
  return (isRunHeld ? pausesWhileHeldSeconds : pausesSeconds)[tries - 1] ?? null;
}
