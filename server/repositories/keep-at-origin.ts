import { eq } from "drizzle-orm";
import { z } from "zod";
import { repositories } from "@/db/schema";
import { recordAudit } from "@/server/audit/record-audit";
import { parseInput } from "@/server/domain/parse-input";
import type { RepositoryView } from "@/server/domain/views";
import type { VerbContext } from "@/server/runs/context";
import { getRepository, getRepositoryInputSchema } from "./get-repository";

export const keepAtOriginInputSchema = getRepositoryInputSchema.extend({ isKept: z.boolean() });

/**
 * Sets whether the work of each attempt that ends from now on is pushed to the repository's origin too,
 * under refs/coppice, so that another host can go on with it when this one is lost. What was pushed
 * stays there.
 * @throws NotFound
 */
export async function keepAtOrigin(
  context: VerbContext,
  input: z.input<typeof keepAtOriginInputSchema>,
): Promise<RepositoryView> {
  const { name, isKept } = parseInput(keepAtOriginInputSchema, input);
  const { db, actor, now } = context;
  const repository = await getRepository(db, { name });
  if ((repository.keptAtOriginSince !== null) === isKept) return repository;
  await db.transaction(async (tx) => {
    await recordAudit(tx, {
      actor,
      action: isKept ? "repository.kept_at_origin" : "repository.kept_here_only",
      target: `repository:${repository.name}`,
      facts: { origin: repository.origin },
      now,
    });
    await tx
      .update(repositories)
      .set({ keptAtOriginSince: isKept ? now : null })
      .where(eq(repositories.name, repository.name));
  });
  return getRepository(db, { name });
}
