import { z } from "zod";
import { BadInput } from "./errors";
import { parseBranchName } from "./git-names";
import { limits } from "./limits";

/** What a delivery does at the origin. `undo` takes another delivery back. */
export const deliveryKinds = ["push", "merge", "pull_request", "undo"] as const;
const deliveryKindSchema = z.enum(deliveryKinds);
export type DeliveryKind = z.infer<typeof deliveryKindSchema>;

/** What a person or a policy may ask for. */
export const askedKindSchema = z.enum(["push", "merge", "pull_request"]);
export type AskedKind = z.infer<typeof askedKindSchema>;

export const mergeMethods = ["fast_forward", "merge_commit", "squash", "rebase"] as const;
export const mergeMethodSchema = z.enum(mergeMethods);
export type MergeMethod = z.infer<typeof mergeMethodSchema>;

/** `move_back`: the branch as it was before; `revert`: one commit more that takes the change back. */
export const undoMethods = ["delete_branch", "move_back", "revert"] as const;
export type UndoMethod = (typeof undoMethods)[number];
export type DeliveryMethod = MergeMethod | UndoMethod;

/**
 * What became of a delivery, and who moves it on:
 * - `planned`: asked for; nothing was done outside the database. The worker of the run's host.
 * - `running`: what is to be pushed where, and over what, is committed; the push may have happened.
 * - `delivered`: the origin has it. An undo moves it to `undone`.
 * - `refused`: the origin, or what stands there, does not take it. Nothing was changed. Nobody.
 * - `conflict`: it does not merge by itself. Nothing was changed. Nobody.
 * - `failed`: the origin could not be asked, often enough. Nothing is known to have changed. Nobody.
 * - `undone`: taken back, or withdrawn before it began. Nobody.
 */
export const deliveryStates = [
  "planned",
  "running",
  "delivered",
  "refused",
  "conflict",
  "failed",
  "undone",
] as const;
const deliveryStateSchema = z.enum(deliveryStates);
export type DeliveryState = z.infer<typeof deliveryStateSchema>;

export function isOpenDelivery(state: DeliveryState): boolean {
  return state === "planned" || state === "running";
}

export const pullRequestStates = ["open", "merged", "closed"] as const;
export type PullRequestState = (typeof pullRequestStates)[number];

const branchName = z
  .string()
  .min(1)
  .max(limits.maxBranchLength)
  .refine(isBranchName, "Not a usable branch name.");

function isBranchName(text: string): boolean {
  try {
    return parseBranchName(text) === text;
  } catch (error) {
    if (error instanceof BadInput) return false;
    throw error;
  }
}

/** What is delivered by itself at the end of a run: a workflow says it, or its repository. */
export const deliveryPolicySchema = z.strictObject({
  kind: z.enum(["none", "push", "merge", "pull_request"]),
  /** Of a merge; default `merge_commit`. */
  method: mergeMethodSchema.nullish(),
  /** Default: of a push the run's branch, else the repository's default branch. */
  target: branchName.nullish(),
  /** `verified`: only what its checks vouch for. `success`: also what nobody has checked. */
  when: z.enum(["verified", "success"]).default("verified"),
});
export type DeliveryPolicy = z.infer<typeof deliveryPolicySchema>;

/** Where a file does not merge: its path, and each place as git marks it. */
const fileConflictSchema = z.object({
  path: z.string(),
  /** Cut to a readable length; empty where git marks no place, e.g. when one side deleted the file. */
  hunks: z.array(z.string()),
});
export type FileConflict = z.infer<typeof fileConflictSchema>;

const methodSchema = z.enum([...mergeMethods, ...undoMethods]).nullable();

export const deliveryViewSchema = z.object({
  id: z.string(),
  runId: z.string(),
  kind: deliveryKindSchema,
  method: methodSchema,
  /** The branch at the origin that it changes. */
  target: z.string(),
  /** Of a pull request, the branch that it is to be merged into. */
  base: z.string().nullable(),
  state: deliveryStateSchema,
  isByPolicy: z.boolean(),
  undoOf: z.string().nullable(),
  sourceSha: z.string(),
  /** Where the target stood before; null: there was none. */
  oldSha: z.string().nullable(),
  resultSha: z.string().nullable(),
  conflicts: z.array(fileConflictSchema),
  /** Why it was not done, and what can be done about it. */
  problem: z.string().nullable(),
  hint: z.string().nullable(),
  tries: z.number().int(),
  nextTryAt: z.date().nullable(),
  by: z.string(),
  askedAt: z.date(),
  endedAt: z.date().nullable(),
  undoneBy: z.string().nullable(),
  undoneAt: z.date().nullable(),
  pullRequest: z
    .object({
      number: z.number().int(),
      url: z.string(),
      state: z.enum(pullRequestStates),
      checkedAt: z.date().nullable(),
    })
    .nullable(),
  /** Where the forge makes a pull request of the pushed branch; null: no forge that we know. */
  compareUrl: z.string().nullable(),
  mayUndo: z.boolean(),
  mayResolve: z.boolean(),
});
export type DeliveryView = z.infer<typeof deliveryViewSchema>;

/** What a delivery would do, as the origin stands now. Nothing was changed. */
export const deliveryPreviewSchema = z.object({
  kind: deliveryKindSchema,
  method: methodSchema,
  target: z.string(),
  base: z.string().nullable(),
  sourceSha: z.string(),
  /** Where the target stands now; null: there is none. Given back with the delivery, it holds it to that. */
  targetSha: z.string().nullable(),
  /** What would happen to the branch; the last three: nothing. */
  outcome: z.enum(["creates", "updates", "deletes", "nothing_to_do", "conflict", "refused"]),
  /** One sentence: what would be pushed where. */
  sentence: z.string(),
  problem: z.string().nullable(),
  hint: z.string().nullable(),
  mayFastForward: z.boolean(),
  /** Commits of the target that the work does not have. */
  behind: z.number().int(),
  commits: z.array(z.object({ sha: z.string(), title: z.string(), author: z.string() })),
  commitCount: z.number().int(),
  files: z.array(
    z.object({ path: z.string(), additions: z.number().int(), deletions: z.number().int() }),
  ),
  fileCount: z.number().int(),
  additions: z.number().int(),
  deletions: z.number().int(),
  conflicts: z.array(fileConflictSchema),
  /** Branches of the origin, for a choice. */
  branches: z.array(z.string()),
  compareUrl: z.string().nullable(),
  /** Whether a pull request can be opened by Coppice itself. */
  mayOpenPullRequest: z.boolean(),
});
export type DeliveryPreview = z.infer<typeof deliveryPreviewSchema>;
