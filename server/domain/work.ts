import { z } from "zod";
import {
  type CommitWhereabouts,
  commitOriginSchema,
  commitWhereabouts,
  type MergeWay,
  mergeWaySchema,
} from "./commit";

/** Where an entry of the work ledger is: a commit somewhere, or a leftover in its workspace. */
const workWhereabouts = [...commitWhereabouts, "in_workspace"] as const;
export const workWhereaboutsSchema = z.enum(workWhereabouts);
export type WorkWhereabouts = z.infer<typeof workWhereaboutsSchema>;

/**
 * Why something is not in a commit. `left_out`: too large, unreadable, a submodule's. `uncaptured`: the
 * run ended and its workspace could not be captured. `set_aside`: a git folder that could not be read
 * whole. `ignored`: what git ignores. `nested_repository`: its files are kept, its history is not.
 */
const leftoverReasons = [
  "left_out",
  "uncaptured",
  "set_aside",
  "ignored",
  "nested_repository",
] as const;
const leftoverReasonSchema = z.enum(leftoverReasons);
export type LeftoverReason = z.infer<typeof leftoverReasonSchema>;

/** Work that exists in one place of ours alone; the database's index of it says the same. */
export const riskyWhereabouts = ["only_here", "in_keep_ref", "missing"] as const;
export const riskyReasons = ["left_out", "uncaptured", "set_aside"] as const;
export const riskyLeftoverWhereabouts = ["in_workspace", "missing"] as const;

/** What a look found out about a commit. */
export interface CommitReach {
  isInMirror: boolean;
  isInDefaultBranch: boolean;
  /** On a branch or tag that the origin has. */
  isInOrigin: boolean;
  /** On a branch of the mirror. */
  isOnBranch: boolean;
  /** Below one of Coppice's own refs. */
  isKept: boolean;
  /** The commit of the default branch that makes the same change. */
  equal: { by: Exclude<MergeWay, "history">; as: string } | null;
}

export interface FoundWhereabouts {
  whereabouts: CommitWhereabouts;
  mergedBy: MergeWay | null;
  mergedAs: string | null;
}

/** Where a commit is, from what a complete look saw and whether an operator has let it go. */
export function decideWhereabouts(reach: CommitReach, isLetGo: boolean): FoundWhereabouts {
  const at = (whereabouts: CommitWhereabouts): FoundWhereabouts => ({
    whereabouts,
    mergedBy: null,
    mergedAs: null,
  });
  if (!reach.isInMirror) return at(isLetGo ? "gone" : "missing");
  if (reach.isInDefaultBranch) return { ...at("merged"), mergedBy: "history" };
  if (reach.equal) {
    return { whereabouts: "merged", mergedBy: reach.equal.by, mergedAs: reach.equal.as };
  }
  if (reach.isInOrigin) return at("pushed");
  if (reach.isOnBranch) return at("only_here");
  if (reach.isKept) return at("in_keep_ref");
  return at(isLetGo ? "gone" : "missing");
}

/** What a look found out about a leftover. */
export interface LeftoverFacts {
  reason: LeftoverReason;
  /** Still on the disk. */
  isThere: boolean;
  /** A later attempt in the same workspace captured all that lay there. */
  isCapturedSince: boolean;
  isLetGo: boolean;
}

/** Where a leftover is. Files that were captured later are held by that snapshot's own entry. */
export function decideLeftoverWhereabouts(facts: LeftoverFacts): WorkWhereabouts {
  if (facts.reason === "uncaptured" && facts.isCapturedSince) return "in_keep_ref";
  if (facts.isThere) return "in_workspace";
  return facts.isLetGo ? "gone" : "missing";
}

/** An entry of the work ledger, as pages, REST and the command line see it. */
export const workEntryViewSchema = z.object({
  id: z.number().int(),
  /** Null for a leftover. */
  sha: z.string().nullable(),
  origin: commitOriginSchema.nullable(),
  /** Of a leftover: why it is in no commit. */
  reason: leftoverReasonSchema.nullable(),
  /** A commit's subject; a leftover's path. */
  title: z.string(),
  why: z.string().nullable(),
  author: z.string().nullable(),
  /** The snapshot or keep ref that names it, if one does. */
  ref: z.string().nullable(),
  at: z.date(),
  whereabouts: workWhereaboutsSchema,
  /** Since when it is there. */
  since: z.date(),
  mergedBy: mergeWaySchema.nullable(),
  mergedAs: z.string().nullable(),
  /** When origin and mirror were seen to be so; null: not looked yet. */
  asOf: z.date().nullable(),
  /** Set while looks fail or its worker is away: since then nobody knows. */
  unknownSince: z.date().nullable(),
  problem: z.string().nullable(),
  isAtRisk: z.boolean(),
  letGo: z.object({ by: z.string(), at: z.date(), why: z.string() }).nullable(),
  run: z.object({ id: z.string(), number: z.number().int() }),
  workflow: z.object({ name: z.string() }),
  repository: z.object({ name: z.string() }),
  sessionId: z.string(),
  branch: z.string().nullable(),
  worker: z.string().nullable(),
});
export type WorkEntryView = z.infer<typeof workEntryViewSchema>;

/** How much work exists in one place of ours alone and was not let go. */
export const workSummarySchema = z.object({
  atRisk: z.number().int(),
  onlyHere: z.number().int(),
  inKeepRef: z.number().int(),
  inWorkspace: z.number().int(),
  missing: z.number().int(),
  /** There is more than was counted: the numbers are of the newest ones. */
  isCut: z.boolean(),
});
export type WorkSummary = z.infer<typeof workSummarySchema>;
