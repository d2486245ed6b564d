import { z } from "zod";
import { apiTokens } from "@/db/schema";
import { recordAudit } from "@/server/audit/record-audit";
import { nameActor, roleSchema } from "@/server/domain/actor";
import { limits } from "@/server/domain/limits";
import { parseInput } from "@/server/domain/parse-input";
import type { TokenView } from "@/server/domain/views";
import type { VerbContext } from "@/server/runs/context";
import { hashToken, makeToken, tokenPrefix } from "./token";
import { toTokenView } from "./token-view";

export const createTokenInputSchema = z.strictObject({
  name: z
    .string()
    .trim()
    .min(1)
    .max(limits.maxNameLength)
    .regex(/^\P{Cc}*$/u, "No line breaks or control characters."),
  role: roleSchema,
  /** It never expires otherwise. */
  expiresInDays: z.int().min(1).max(3650).nullish(),
});

/** Makes an API token. The answer is the only place that ever holds it. */
export async function createToken(
  { db, actor, now }: VerbContext,
  input: z.input<typeof createTokenInputSchema>,
): Promise<{ token: string; view: TokenView }> {
  const { name, role, expiresInDays } = parseInput(createTokenInputSchema, input);
  const token = makeToken();
  const expiresAt = expiresInDays ? new Date(now.getTime() + expiresInDays * 86_400_000) : null;
  return db.transaction(async (tx) => {
    const [row] = await tx
      .insert(apiTokens)
      .values({
        name,
        role,
        prefix: tokenPrefix(token),
        hash: hashToken(token),
        createdBy: nameActor(actor),
        createdAt: now,
        expiresAt,
      })
      .returning();
    if (!row) throw new Error("The token's row was not given back.");
    const facts = { name, role, expiresAt };
    await recordAudit(tx, {
      actor,
      action: "token.created",
      target: `token:${row.id}`,
      facts,
      now,
    });
    return { token, view: toTokenView(row) };
  });
}
