import { eq } from "drizzle-orm";
import { z } from "zod";
import type { Executor } from "@/db/client";
import { deliveries } from "@/db/schema";
import type { DeliveryView } from "@/server/domain/delivery";
import { NotFound } from "@/server/domain/errors";
import { printable } from "@/server/domain/git-names";
import { deliveryIdSchema } from "@/server/domain/ids";
import { readDeliveryViews } from "./read-delivery-views";

export const deliveryKeySchema = z.strictObject({ id: z.string().min(1).max(200) });

/** @throws NotFound */
export async function getDelivery(
  db: Executor,
  input: z.input<typeof deliveryKeySchema>,
): Promise<DeliveryView> {
  const row = await loadDelivery(db, input.id);
  // Those of the whole run, for one may be taken back by another.
  const views = await readDeliveryViews(db, eq(deliveries.runId, row.runId));
  const view = views.find(({ id }) => id === row.id);
  if (!view) throw new NotFound("delivery", input.id);
  return view;
}

/** @throws NotFound */
export async function loadDelivery(db: Executor, id: string) {
  const parsed = deliveryIdSchema.safeParse(id);
  const [row] = parsed.success
    ? await db.select().from(deliveries).where(eq(deliveries.id, parsed.data))
    : [];
  if (row) return row;
  throw new NotFound("delivery", printable(id), {
    hint: "A run's page and “coppice deliver <run> --list” name its deliveries.",
  });
}
