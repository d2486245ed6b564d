import { and, eq, inArray } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { deliveries } from "@/db/schema";
import type { DeliveryState } from "@/server/domain/delivery";
import { Conflict } from "@/server/domain/errors";
import type { DeliveryId } from "@/server/domain/ids";
import { appendEvent } from "@/server/runs/append-event";

export interface DeliveryMove {
  id: DeliveryId;
  from: DeliveryState[];
  to: DeliveryState;
  set?: Partial<typeof deliveries.$inferInsert>;
  actor: string;
  now: Date;
}

/**
 * Moves a delivery on: one guarded update and its event, in the caller's transaction. Call it last there.
 * @throws Conflict when it is no longer in a state from which it may move.
 */
export async function moveDelivery(tx: Transaction, move: DeliveryMove): Promise<void> {
  const { id, from, to, set, actor, now } = move;
  const isOpen = to === "planned" || to === "running";
  const [moved] = await tx
    .update(deliveries)
    .set({ ...set, state: to, ...(isOpen || to === "undone" ? {} : { endedAt: now }) })
    .where(and(eq(deliveries.id, id), inArray(deliveries.state, from)))
    .returning();
  if (!moved) {
    throw new Conflict("The delivery has gone on meanwhile.", {
      hint: "Look at it again.",
      facts: { delivery: id, to },
    });
  }
  const { runId, kind, method, target, resultSha, problem, pullRequestUrl } = moved;
  const files = moved.conflicts.map(({ path }) => path).join(", ");
  await appendEvent(tx, {
    runId,
    kind: "delivery_moved",
    actor,
    data: {
      ...{ delivery: id, state: to, kind, method, target },
      ...(to === "delivered" || to === "running" ? { commit: resultSha } : {}),
      ...(to === "delivered" && pullRequestUrl ? { pullRequest: pullRequestUrl } : {}),
      ...(problem ? { text: problem } : {}),
      ...(to === "conflict" ? { files } : {}),
    },
    now,
  });
}
