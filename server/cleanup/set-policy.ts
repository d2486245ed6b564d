import { and, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import type { Transaction } from "@/db/client";
import { retentionPolicies } from "@/db/schema";
import { recordAudit } from "@/server/audit/record-audit";
import { nameActor } from "@/server/domain/actor";
import type { RepositoryId, WorkflowId } from "@/server/domain/ids";
import { parseInput } from "@/server/domain/parse-input";
import { policyRulesSchema } from "@/server/domain/retention";
import type { VerbContext } from "@/server/runs/context";
import { filterTextSchema } from "@/server/runs/filter-text";
import { listPolicies } from "./list-policies";
import { findRepositoryId, findWorkflowId } from "./scope-ids";

/** A policy's scope and its rules. Neither repository nor workflow: the installation's default. */
export const policyInputSchema = z
  .strictObject({
    repository: filterTextSchema.nullish(),
    workflow: filterTextSchema.nullish(),
    /** All rules of this scope; one that is left out falls back to the next policy. */
    rules: policyRulesSchema,
  })
  .refine(({ repository, workflow }) => !repository || !workflow, {
    path: ["workflow"],
    message: "Give a repository or a workflow, not both.",
  });

/**
 * Replaces the rules of one scope; without any rule the policy is gone and the next one decides.
 * @throws NotFound (repository, workflow), BadInput
 */
export async function setPolicy(
  context: VerbContext,
  input: z.input<typeof policyInputSchema>,
): Promise<Awaited<ReturnType<typeof listPolicies>>> {
  const { repository, workflow, rules } = parseInput(policyInputSchema, input);
  const { db, actor, now } = context;
  await db.transaction(async (tx) => {
    const scope = {
      repositoryId: repository ? await findRepositoryId(tx, repository) : null,
      workflowId: workflow ? await findWorkflowId(tx, workflow) : null,
    };
    const before = await readRules(tx, scope);
    if (Object.keys(rules).length === 0) {
      await tx.delete(retentionPolicies).where(ofScope(scope));
    } else {
      const row = { rules, changedBy: nameActor(actor), changedAt: now };
      await tx
        .insert(retentionPolicies)
        .values({ ...scope, ...row })
        .onConflictDoUpdate({
          target: [retentionPolicies.repositoryId, retentionPolicies.workflowId],
          set: row,
        });
    }
    const target = workflow ? `workflow:${workflow}` : repository ? `repository:${repository}` : "";
    await recordAudit(tx, {
      actor,
      action: "retention.changed",
      target: target || "installation",
      facts: { before, after: rules },
      now,
    });
  });
  return listPolicies(db);
}

interface Scope {
  repositoryId: RepositoryId | null;
  workflowId: WorkflowId | null;
}

function ofScope({ repositoryId, workflowId }: Scope) {
  const { repositoryId: repository, workflowId: workflow } = retentionPolicies;
  return and(
    repositoryId ? eq(repository, repositoryId) : isNull(repository),
    workflowId ? eq(workflow, workflowId) : isNull(workflow),
  );
}

async function readRules(tx: Transaction, scope: Scope) {
  const [row] = await tx
    .select({ rules: retentionPolicies.rules })
    .from(retentionPolicies)
    .where(ofScope(scope))
    .for("update");
  return row?.rules ?? null;
}
