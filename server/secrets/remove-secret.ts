import type { z } from "zod";
import { recordAudit } from "@/server/audit/record-audit";
import { NotFound } from "@/server/domain/errors";
import { parseInput } from "@/server/domain/parse-input";
import { secretNameSchema, secretScopeSchema } from "@/server/domain/secrets";
import type { VerbContext } from "@/server/runs/context";
import { findScope } from "./find-scope";
import { retireSecret } from "./retire-secret";

export const removeSecretInputSchema = secretScopeSchema.extend({ name: secretNameSchema });

/**
 * Takes a secret away: runs that start from now on do not have it.
 * @throws BadInput; NotFound
 */
export async function removeSecret(
  { db, actor, now }: VerbContext,
  input: z.input<typeof removeSecretInputSchema>,
): Promise<{ name: string }> {
  const { kind, of, name } = parseInput(removeSecretInputSchema, input);
  await db.transaction(async (tx) => {
    const { isOf } = await findScope(tx, { kind, of });
    if (!(await retireSecret(tx, { isOf, name, now }))) {
      throw new NotFound("secret", name, { hint: `The ${kind} “${of}” has none of this name.` });
    }
    const facts = { name };
    await recordAudit(tx, { actor, action: "secret.removed", target: `${kind}:${of}`, facts, now });
  });
  return { name };
}
