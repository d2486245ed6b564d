import { and, count, isNull, ne } from "drizzle-orm";
import type { z } from "zod";
import { secrets } from "@/db/schema";
import { recordAudit } from "@/server/audit/record-audit";
import { nameActor } from "@/server/domain/actor";
import { Conflict } from "@/server/domain/errors";
import { parseInput } from "@/server/domain/parse-input";
import {
  maxSecretsPerScope,
  type SecretView,
  secretNameSchema,
  secretScopeSchema,
  secretValueSchema,
} from "@/server/domain/secrets";
import type { VerbContext } from "@/server/runs/context";
import { findScope } from "./find-scope";
import type { Keyring } from "./keyring";
import { placeOf } from "./place-of";
import { retireSecret } from "./retire-secret";

export const setSecretInputSchema = secretScopeSchema.extend({
  name: secretNameSchema,
  value: secretValueSchema,
});

/**
 * Stores a value that runs of a repository or workflow are given from now on, in place of one of the
 * same name. It is never given back.
 * @throws BadInput; NotFound; Conflict when there are too many.
 */
export async function setSecret(
  { db, actor, now, keyring }: VerbContext & { keyring: Keyring },
  input: z.input<typeof setSecretInputSchema>,
): Promise<SecretView> {
  const { kind, of, name, value } = parseInput(setSecretInputSchema, input);
  return db.transaction(async (tx) => {
    const scope = await findScope(tx, { kind, of });
    const [{ others } = { others: 0 }] = await tx
      .select({ others: count() })
      .from(secrets)
      .where(and(scope.isOf, isNull(secrets.retiredAt), ne(secrets.name, name)));
    if (others >= maxSecretsPerScope) {
      throw new Conflict(`This ${kind} has ${others} secrets already, which is the most.`, {
        hint: "Remove one first, or put several values into one.",
      });
    }
    const isReplaced = await retireSecret(tx, { isOf: scope.isOf, name, now });
    const { sealed, keyId } = keyring.seal(value, placeOf(scope.row, name));
    const setBy = nameActor(actor);
    await tx.insert(secrets).values({ ...scope.row, name, sealed, keyId, setBy, setAt: now });
    await recordAudit(tx, {
      actor,
      action: isReplaced ? "secret.replaced" : "secret.set",
      target: `${kind}:${of}`,
      facts: { name, keyId },
      now,
    });
    return { name, setBy, setAt: now, keyId };
  });
}
