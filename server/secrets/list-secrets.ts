import { and, asc, isNull } from "drizzle-orm";
import type { z } from "zod";
import type { Executor } from "@/db/client";
import { secrets } from "@/db/schema";
import { parseInput } from "@/server/domain/parse-input";
import { type SecretView, secretScopeSchema } from "@/server/domain/secrets";
import { findScope } from "./find-scope";

/** The secrets of a repository or workflow by name, without their values. @throws NotFound */
export async function listSecrets(
  db: Executor,
  input: z.input<typeof secretScopeSchema>,
): Promise<{ items: SecretView[]; nextCursor: null }> {
  const scope = await findScope(db, parseInput(secretScopeSchema, input));
  const items = await db
    .select({
      name: secrets.name,
      setBy: secrets.setBy,
      setAt: secrets.setAt,
      keyId: secrets.keyId,
    })
    .from(secrets)
    .where(and(scope.isOf, isNull(secrets.retiredAt)))
    .orderBy(asc(secrets.name));
  return { items, nextCursor: null };
}
