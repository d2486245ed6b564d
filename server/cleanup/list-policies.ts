import { asc, eq } from "drizzle-orm";
import { z } from "zod";
import type { Executor } from "@/db/client";
import { repositories, retentionPolicies, workflows } from "@/db/schema";
import { builtInRules, policyRulesSchema, retentionRulesSchema } from "@/server/domain/retention";

const policyViewSchema = z.object({
  /** Both null: the installation's default. */
  repository: z.string().nullable(),
  workflow: z.string().nullable(),
  rules: policyRulesSchema,
  changedBy: z.string(),
  changedAt: z.date(),
});
type PolicyView = z.infer<typeof policyViewSchema>;

export const policyListSchema = z.object({
  /** What holds where no policy says otherwise. */
  builtIn: retentionRulesSchema,
  items: z.array(policyViewSchema),
});

/** Every policy: the default first, then repositories, then workflows. A workflow's goes before all. */
export async function listPolicies(db: Executor): Promise<z.infer<typeof policyListSchema>> {
  const rows = await db
    .select({
      repository: repositories.name,
      workflow: workflows.name,
      rules: retentionPolicies.rules,
      changedBy: retentionPolicies.changedBy,
      changedAt: retentionPolicies.changedAt,
    })
    .from(retentionPolicies)
    .leftJoin(repositories, eq(repositories.id, retentionPolicies.repositoryId))
    .leftJoin(workflows, eq(workflows.id, retentionPolicies.workflowId))
    .orderBy(asc(repositories.name), asc(workflows.name))
    .limit(2_000);
  const depth = ({ repository, workflow }: PolicyView) => (workflow ? 2 : repository ? 1 : 0);
  return { builtIn: builtInRules, items: rows.sort((one, other) => depth(one) - depth(other)) };
}
