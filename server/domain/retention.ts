import { z } from "zod";
import { ignoredChoiceSchema } from "./workspace-audit";

const days = z.union([z.int().min(0).max(3650), z.literal("never")]);
const size = z.union([
  z
    .int()
    .min(1024 ** 2)
    .max(1024 ** 4),
  z.literal("never"),
]);

/** How long what runs leave behind is kept. “never” means: never removed or trimmed by itself. */
export const retentionRulesSchema = z.strictObject({
  /** Days after the last run of a workspace succeeded. */
  succeededDays: days,
  /** The same after a failed or cancelled run: what went wrong is looked at for longer. */
  unsucceededDays: days,
  /** So many of the newest workspaces of a workflow on a repository stay, whatever their age. */
  keepNewest: z.int().min(0).max(1000),
  /** Whether persistent workspaces go as well. */
  removesPersistent: z.boolean(),
  /** Which ignored files are kept beside the branches before a workspace goes. */
  ignored: ignoredChoiceSchema,
  /** Days after a run's end until its output and transcript are cut to their beginning and end. */
  outputDays: days,
  /** Output of an ended attempt beyond this is cut in its middle at once. */
  maxOutputBytes: size,
  /** Days after a run's end until its control folders go: their output is in the database. */
  spoolDays: days,
});
export type RetentionRules = z.infer<typeof retentionRulesSchema>;
export type RetentionField = keyof RetentionRules;

/** What one policy says; a field that it leaves out is ruled by the next one. */
export const policyRulesSchema = retentionRulesSchema.partial();
export type PolicyRules = z.infer<typeof policyRulesSchema>;

/** What holds where nobody has decided otherwise. */
export const builtInRules: RetentionRules = {
  succeededDays: 14,
  unsucceededDays: 30,
  keepNewest: 5,
  removesPersistent: false,
  ignored: "keep",
  outputDays: 90,
  maxOutputBytes: 256 * 1024 ** 2,
  spoolDays: 7,
};

/** Policies by what they are for; names, because people read them. */
export interface RetentionPolicies {
  installation: PolicyRules;
  repositories: ReadonlyMap<string, PolicyRules>;
  workflows: ReadonlyMap<string, PolicyRules>;
}

export interface EffectiveRules {
  rules: RetentionRules;
  /** Which policy decided each field, in words: “the workflow nightly”. */
  by: Record<RetentionField, string>;
}

/** The rules for a run's leftovers, field by field: workflow before repository before installation. */
export function findRules(
  policies: RetentionPolicies,
  of: { repository: string; workflow: string | null },
): EffectiveRules {
  const layers: [string, PolicyRules | undefined][] = [
    ["the built-in default", builtInRules],
    ["the installation's default", policies.installation],
    [`the repository ${of.repository}`, policies.repositories.get(of.repository)],
    [`the workflow ${of.workflow}`, of.workflow ? policies.workflows.get(of.workflow) : undefined],
  ];
  const rules: Record<string, unknown> = {};
  const by: Record<string, string> = {};
  for (const [name, layer] of layers) {
    for (const [field, value] of Object.entries(layer ?? {})) {
      if (value === undefined) continue;
      rules[field] = value;
      by[field] = name;
    }
  }
  return { rules: rules as RetentionRules, by: by as EffectiveRules["by"] };
}

const dayMs = 24 * 3600 * 1000;

/** When a time of this many days is over; null for “never”. */
export function addDays(from: Date, count: number | "never"): Date | null {
  return count === "never" ? null : new Date(from.getTime() + count * dayMs);
}
