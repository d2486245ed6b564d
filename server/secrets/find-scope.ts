import { eq } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { repositories, secrets, workflows } from "@/db/schema";
import { NotFound } from "@/server/domain/errors";
import { printable } from "@/server/domain/git-names";
import type { SecretScope } from "@/server/domain/secrets";

/**
 * What secrets belong to, by its name; in a transaction, two who write there take their turns.
 * @throws NotFound
 */
export async function findScope(db: Executor, { kind, of }: SecretScope) {
  if (kind === "repository") {
    const [row] = await db
      .select({ id: repositories.id })
      .from(repositories)
      .where(eq(repositories.name, of))
      .for("no key update");
    if (!row) throw new NotFound("repository", printable(of));
    return { row: { repositoryId: row.id }, isOf: eq(secrets.repositoryId, row.id) };
  }
  const [row] = await db
    .select({ id: workflows.id })
    .from(workflows)
    .where(eq(workflows.name, of))
    .for("no key update");
  if (!row) throw new NotFound("workflow", printable(of));
  return { row: { workflowId: row.id }, isOf: eq(secrets.workflowId, row.id) };
}
