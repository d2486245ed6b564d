import { eq } from "drizzle-orm";
import { z } from "zod";
import { repositories } from "@/db/schema";
import { recordAudit } from "@/server/audit/record-audit";
import { type DeliveryPolicy, deliveryPolicySchema } from "@/server/domain/delivery";
import { NotFound } from "@/server/domain/errors";
import { parseInput } from "@/server/domain/parse-input";
import type { VerbContext } from "@/server/runs/context";

export const setDefaultDeliveryInputSchema = z.strictObject({
  name: z.string().min(1).max(100),
  /** Null: nothing is delivered by itself. */
  delivery: deliveryPolicySchema.nullable(),
});

/** Says what runs on a repository deliver by themselves where their workflow says nothing. @throws NotFound */
export async function setDefaultDelivery(
  { db, actor, now }: VerbContext,
  input: z.input<typeof setDefaultDeliveryInputSchema>,
): Promise<{ delivery: DeliveryPolicy | null }> {
  const { name, delivery } = parseInput(setDefaultDeliveryInputSchema, input);
  await db.transaction(async (tx) => {
    const [set] = await tx
      .update(repositories)
      .set({ delivery })
      .where(eq(repositories.name, name))
      .returning({ id: repositories.id });
    if (!set) throw new NotFound("repository", name);
    await recordAudit(tx, {
      actor,
      action: "repository.delivery_set",
      target: `repository:${set.id}`,
      facts: { delivery },
      now,
    });
  });
  return { delivery };
}

export const getDefaultDeliveryInputSchema = z.strictObject({ name: z.string().min(1).max(100) });

/** @throws NotFound */
export async function getDefaultDelivery(
  { db }: Pick<VerbContext, "db">,
  { name }: z.input<typeof getDefaultDeliveryInputSchema>,
): Promise<{ delivery: DeliveryPolicy | null }> {
  const [found] = await db
    .select({ delivery: repositories.delivery })
    .from(repositories)
    .where(eq(repositories.name, name));
  if (!found) throw new NotFound("repository", name);
  return found;
}
