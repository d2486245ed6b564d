import { z } from "zod";

/** Who made a commit of a run. */
const commitOrigins = ["agent", "snapshot", "merge"] as const;
export const commitOriginSchema = z.enum(commitOrigins);
export type CommitOrigin = z.infer<typeof commitOriginSchema>;

/**
 * Where a commit can be found, as the worker saw it last; the first one that is true.
 * `merged`: the origin's default branch has it, or the same change. `pushed`: another branch or a tag of
 * the origin has it. `only_here`: a branch of the mirror alone. `in_keep_ref`: only Coppice's own refs hold
 * it. `gone`: an operator let it go and nothing holds it any more. `missing`: recorded, and not to be
 * found: an alarm.
 */
export const commitWhereabouts = [
  "merged",
  "pushed",
  "only_here",
  "in_keep_ref",
  "gone",
  "missing",
] as const;
export const commitWhereaboutsSchema = z.enum(commitWhereabouts);
export type CommitWhereabouts = z.infer<typeof commitWhereaboutsSchema>;

/**
 * How a merged commit came into the default branch. `history`: it is an ancestor. `same_patch`: one
 * commit there changes the very same lines. `squash`: one commit there is the whole change of its run
 * or session.
 */
const mergeWays = ["history", "same_patch", "squash"] as const;
export const mergeWaySchema = z.enum(mergeWays);
export type MergeWay = z.infer<typeof mergeWaySchema>;
