import { and, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import { apiTokens } from "@/db/schema";
import { recordAudit } from "@/server/audit/record-audit";
import { Conflict, NotFound } from "@/server/domain/errors";
import { parseInput } from "@/server/domain/parse-input";
import type { TokenView } from "@/server/domain/views";
import type { VerbContext } from "@/server/runs/context";
import { toTokenView } from "./token-view";

export const revokeTokenInputSchema = z.strictObject({ id: z.guid() });

/**
 * Ends a token at once and for good.
 * @throws NotFound, Conflict when it was revoked before.
 */
export async function revokeToken(
  { db, actor, now }: VerbContext,
  input: z.input<typeof revokeTokenInputSchema>,
): Promise<TokenView> {
  const { id } = parseInput(revokeTokenInputSchema, input);
  return db.transaction(async (tx) => {
    const [row] = await tx
      .update(apiTokens)
      .set({ revokedAt: now })
      .where(and(eq(apiTokens.id, id), isNull(apiTokens.revokedAt)))
      .returning();
    if (!row) {
      const [known] = await tx.select().from(apiTokens).where(eq(apiTokens.id, id));
      if (!known) throw new NotFound("token", id);
      throw new Conflict(`Token “${known.name}” was revoked before.`);
    }
    const target = `token:${row.id}`;
    await recordAudit(tx, {
      actor,
      action: "token.revoked",
      target,
      facts: { name: row.name },
      now,
    });
    return toTokenView(row);
  });
}
