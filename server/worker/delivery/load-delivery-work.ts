import { and, eq, inArray, isNotNull } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { deliveries, repositories, runs } from "@/db/schema";
import { NotFound } from "@/server/domain/errors";
import type { DeliveryId, SessionId, Sha } from "@/server/domain/ids";

export type Delivery = typeof deliveries.$inferSelect;

/** A delivery with all that it is about. */
export interface DeliveryWork {
  delivery: Delivery;
  run: typeof runs.$inferSelect;
  repository: typeof repositories.$inferSelect;
  /** What an undo takes back. */
  undone: Delivery | null;
  /** Where deliveries of the same session have left the target. */
  ours: Sha[];
}

/** @throws NotFound */
export async function loadDeliveryWork(db: Executor, id: DeliveryId): Promise<DeliveryWork> {
  const [row] = await db
    .select({ delivery: deliveries, run: runs, repository: repositories })
    .from(deliveries)
    .innerJoin(runs, eq(runs.id, deliveries.runId))
    .innerJoin(repositories, eq(repositories.id, deliveries.repositoryId))
    .where(eq(deliveries.id, id));
  if (!row) throw new NotFound("delivery", id);
  const { undoOf, sessionId, target } = row.delivery;
  const [undone] = undoOf
    ? await db.select().from(deliveries).where(eq(deliveries.id, undoOf))
    : [];
  return { ...row, undone: undone ?? null, ours: await listOurs(db, sessionId, target) };
}

/** Where deliveries of a session have left a branch. */
export async function listOurs(db: Executor, sessionId: SessionId, target: string): Promise<Sha[]> {
  const left = await db
    .select({ sha: deliveries.resultSha })
    .from(deliveries)
    .where(
      and(
        eq(deliveries.sessionId, sessionId),
        eq(deliveries.target, target),
        inArray(deliveries.state, ["delivered", "undone", "refused", "failed"]),
        isNotNull(deliveries.resultSha),
      ),
    );
  return left.flatMap(({ sha }) => sha ?? []);
}
