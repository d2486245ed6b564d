import { eq, ne } from "drizzle-orm";
import { secrets } from "@/db/schema";
import { recordAudit } from "@/server/audit/record-audit";
import type { VerbContext } from "@/server/runs/context";
import type { Keyring } from "./keyring";
import { placeOf } from "./place-of";

/**
 * Encrypts every secret that is still under an older key with the current one, all of them or none;
 * afterwards the older keys can be thrown away.
 * @throws SecretUnreadable when one is under a key that is not there.
 */
export async function renewSecrets({
  db,
  actor,
  now,
  keyring,
}: VerbContext & { keyring: Keyring }): Promise<{ keyId: string; renewed: number }> {
  const keyId = keyring.currentId;
  return db.transaction(async (tx) => {
    const old = await tx.select().from(secrets).where(ne(secrets.keyId, keyId)).for("update");
    for (const row of old) {
      const place = placeOf(row, row.name);
      const renewed = keyring.seal(keyring.unseal(row, place), place);
      await tx.update(secrets).set(renewed).where(eq(secrets.id, row.id));
    }
    const facts = { keyId, renewed: old.length };
    const action = "secrets.renewed";
    await recordAudit(tx, { actor, action, target: "installation", facts, now });
    return facts;
  });
}
