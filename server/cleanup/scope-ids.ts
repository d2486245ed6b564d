import { eq } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { repositories, workflows } from "@/db/schema";
import { NotFound } from "@/server/domain/errors";
import type { RepositoryId, WorkflowId } from "@/server/domain/ids";

/** @throws NotFound */
export async function findRepositoryId(db: Executor, name: string): Promise<RepositoryId> {
  const [found] = await db
    .select({ id: repositories.id })
    .from(repositories)
    .where(eq(repositories.name, name));
  if (found) return found.id;
  throw new NotFound("repository", name, { fields: { repository: "There is none of this name." } });
}

/** @throws NotFound */
export async function findWorkflowId(db: Executor, name: string): Promise<WorkflowId> {
  const [found] = await db
    .select({ id: workflows.id })
    .from(workflows)
    .where(eq(workflows.name, name));
  if (found) return found.id;
  throw new NotFound("workflow", name, { fields: { workflow: "There is none of this name." } });
}
