import { and, eq, isNull, or } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { secrets, workflowVersions } from "@/db/schema";
import type { RepositoryId, WorkflowVersionId } from "@/server/domain/ids";

/** Whose secrets are meant. */
export interface SecretsOf {
  repositoryId: RepositoryId;
  workflowVersionId: WorkflowVersionId;
}

/** The rows of a run's secrets, as they are stored; `isWithRetired`: those that were replaced too. */
export async function readRunSecrets(
  db: Executor,
  { repositoryId, workflowVersionId }: SecretsOf,
  { isWithRetired }: { isWithRetired: boolean },
): Promise<(typeof secrets.$inferSelect)[]> {
  const workflow = db
    .select({ id: workflowVersions.workflowId })
    .from(workflowVersions)
    .where(eq(workflowVersions.id, workflowVersionId));
  return db
    .select()
    .from(secrets)
    .where(
      and(
        or(eq(secrets.repositoryId, repositoryId), eq(secrets.workflowId, workflow)),
        isWithRetired ? undefined : isNull(secrets.retiredAt),
      ),
    );
}
