import { and, desc, eq, isNull } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { repositories, workers, workflows, workflowVersions } from "@/db/schema";
import { NotFound } from "@/server/domain/errors";
import { parseBaseRef, parseBranchName } from "@/server/domain/git-names";
import type { RepositoryId, WorkflowVersionId } from "@/server/domain/ids";
import type { WorkflowDefinition } from "@/server/domain/workflow";
import type { StartRunInput } from "./start-run-input";

/** What a run carries out, and on what. */
export interface RunRecipe {
  workflowName: string;
  versionId: WorkflowVersionId;
  definition: WorkflowDefinition;
  repository: {
    id: RepositoryId;
    name: string;
    defaultBranch: string;
    /** The only worker that can reach its origin; null when any can. */
    workerName: string | null;
  };
}

/**
 * Finds the workflow's version (the newest unless one is named) and the repository.
 * @throws NotFound with the names that exist; BadInput for a branch or base that cannot be one.
 */
export async function resolveRecipe(
  tx: Transaction,
  input: StartRunInput,
  version: number | undefined,
): Promise<RunRecipe> {
  if (input.branch) parseBranchName(input.branch, "branch");
  if (input.baseRef) parseBaseRef(input.baseRef, "baseRef");
  const workflow = await findVersion(tx, input.workflow, version);
  const [repository] = await tx
    .select({
      id: repositories.id,
      name: repositories.name,
      defaultBranch: repositories.defaultBranch,
      workerName: workers.name,
    })
    .from(repositories)
    .leftJoin(workers, eq(workers.id, repositories.workerId))
    .where(eq(repositories.name, input.repository));
  if (!repository) {
    const known = await tx.select({ name: repositories.name }).from(repositories).limit(10);
    throw new NotFound("repository", input.repository, {
      fields: { repository: "There is no repository of this name." },
      hint: known.length
        ? `Registered are: ${known.map(({ name }) => name).join(", ")}.`
        : "Register one first: coppice repo add <path-or-url>.",
    });
  }
  return {
    workflowName: input.workflow,
    versionId: workflow.id,
    definition: workflow.definition,
    repository,
  };
}

async function findVersion(tx: Transaction, name: string, version: number | undefined) {
  const [found] = await tx
    .select({ id: workflowVersions.id, definition: workflowVersions.definition })
    .from(workflowVersions)
    .innerJoin(workflows, eq(workflows.id, workflowVersions.workflowId))
    .where(
      and(
        eq(workflows.name, name),
        version === undefined
          ? isNull(workflows.archivedAt)
          : eq(workflowVersions.version, version),
      ),
    )
    .orderBy(desc(workflowVersions.version))
    .limit(1);
  if (found) return found;
  const known = await tx.select({ name: workflows.name }).from(workflows).limit(20);
  throw new NotFound("workflow", name, {
    fields: { workflow: "There is no workflow of this name." },
    hint: `There are: ${known.map((row) => row.name).join(", ") || "none yet"}.`,
  });
}
