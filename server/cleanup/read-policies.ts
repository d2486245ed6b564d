import { eq } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { repositories, retentionPolicies, workflows } from "@/db/schema";
import {
  type PolicyRules,
  policyRulesSchema,
  type RetentionPolicies,
} from "@/server/domain/retention";

/** All policies, by the names of what they are for. */
export async function readPolicies(db: Executor): Promise<RetentionPolicies> {
  const rows = await db
    .select({
      rules: retentionPolicies.rules,
      repository: repositories.name,
      workflow: workflows.name,
    })
    .from(retentionPolicies)
    .leftJoin(repositories, eq(repositories.id, retentionPolicies.repositoryId))
    .leftJoin(workflows, eq(workflows.id, retentionPolicies.workflowId));
  const found = {
    installation: {} as PolicyRules,
    repositories: new Map<string, PolicyRules>(),
    workflows: new Map<string, PolicyRules>(),
  };
  for (const { rules, repository, workflow } of rows) {
    // A rule that cannot be read must never become the shorter default: nothing is planned then.
    const parsed = policyRulesSchema.parse(rules);
    if (workflow) found.workflows.set(workflow, parsed);
    else if (repository) found.repositories.set(repository, parsed);
    else found.installation = parsed;
  }
  return found;
}
