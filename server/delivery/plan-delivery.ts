import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { deliveries } from "@/db/schema";
import { type DeliveryId, deliveryIdSchema } from "@/server/domain/ids";
import { appendEvent } from "@/server/runs/append-event";

/** The channel on which workers hear of deliveries that are theirs; its payload is the worker's id. */
export const deliveriesChannel = "coppice_deliveries";

export type NewDelivery = Omit<typeof deliveries.$inferInsert, "id" | "state" | "askedAt">;

/**
 * Plans a delivery: the row that a worker carries out, its event and the word to that worker, in the
 * caller's transaction. Call it last there.
 */
export async function planDelivery(
  tx: Transaction,
  delivery: NewDelivery,
  now: Date,
): Promise<DeliveryId> {
  const id = deliveryIdSchema.parse(randomUUID());
  await tx.insert(deliveries).values({ ...delivery, id, askedAt: now });
  await tx.execute(sql`select pg_notify(${deliveriesChannel}, ${delivery.workerId})`);
  const { runId, kind, method, target, base, by } = delivery;
  await appendEvent(tx, {
    runId,
    kind: "delivery_planned",
    actor: by,
    data: { delivery: id, kind, method, target, base },
    now,
  });
  return id;
}
