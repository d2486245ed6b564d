import { z } from "zod";

/** What an audit may find in a workspace that git itself would not tell. */
const findingKinds = [
  "unrecorded_files",
  "uncollected_commits",
  "hidden_changes",
  "nested_repositories",
  "submodule_files",
  "large_files",
  "ignored_files",
  "rebuildable_files",
  "unfinished_work",
  "outward_links",
  "planted_programs",
  "special_files",
  "empty_folders",
  "unreadable",
  "git_unusable",
] as const;
const findingKindSchema = z.enum(findingKinds);
export type FindingKind = z.infer<typeof findingKindSchema>;

/**
 * What a removal does with it. `kept`: in a commit of the mirror. `kept_beside`: beside the branches, and
 * back with the workspace. `choice`: as the operator says. `gone`: git has no form for it. `quarantine`:
 * it cannot be stored, so the workspace is put away whole.
 */
export type FindingOutcome = "kept" | "kept_beside" | "choice" | "gone" | "quarantine";

export const findingOutcomes = {
  unrecorded_files: "kept",
  uncollected_commits: "kept",
  hidden_changes: "kept",
  nested_repositories: "kept",
  submodule_files: "kept_beside",
  large_files: "kept_beside",
  ignored_files: "choice",
  rebuildable_files: "choice",
  unfinished_work: "gone",
  outward_links: "kept",
  planted_programs: "gone",
  special_files: "gone",
  empty_folders: "gone",
  unreadable: "quarantine",
  git_unusable: "quarantine",
} as const satisfies Record<FindingKind, FindingOutcome>;

const workspaceFindingSchema = z.object({
  kind: findingKindSchema,
  count: z.number().int(),
  /** What the files take; null where that means nothing. */
  bytes: z.number().int().nullable(),
  /** The first few names, in a form that is safe to show. */
  examples: z.array(z.string()),
});
export type WorkspaceFinding = z.infer<typeof workspaceFindingSchema>;

export const workspaceAuditSchema = z.object({
  workspaceId: z.string(),
  findings: z.array(workspaceFindingSchema),
});
export type WorkspaceAudit = z.infer<typeof workspaceAuditSchema>;

/** What becomes of ignored files at a removal. `keep`: those that no build makes again. */
const ignoredChoices = ["keep", "keep_all", "drop"] as const;
export const ignoredChoiceSchema = z.enum(ignoredChoices);
export type IgnoredChoice = z.infer<typeof ignoredChoiceSchema>;
