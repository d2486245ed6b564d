import { and, asc, eq, inArray, isNull, lte, or, sql } from "drizzle-orm";
import { deliveries, runs } from "@/db/schema";
import type { DeliveryId } from "@/server/domain/ids";
import { terminalStatuses } from "@/server/domain/run-status";
import type { WorkerContext } from "../context";
import { carryOutDelivery } from "./carry-out-delivery";
import { loadDeliveryWork } from "./load-delivery-work";
import { refreshLedger } from "./refresh-ledger";

/**
 * Carries out what is to be delivered from this host, one after another: what persons asked for, and what a
 * run that has ended left open. A kill leaves one as `running`, which is judged by where its target stands.
 */
export async function deliverDue(context: WorkerContext, signal: AbortSignal): Promise<void> {
  const seen = new Set<DeliveryId>();
  while (!signal.aborted) {
    const due = await findDue(context);
    if (!due || seen.has(due)) return;
    seen.add(due);
    await carryOutDelivery(context, due, { signal });
    const { delivery } = await loadDeliveryWork(context.db, due);
    if (delivery.state === "delivered") await refreshLedger(context, delivery.repositoryId);
  }
}

async function findDue({ db, worker }: WorkerContext): Promise<DeliveryId | null> {
  const [due] = await db
    .select({ id: deliveries.id })
    .from(deliveries)
    .innerJoin(runs, eq(runs.id, deliveries.runId))
    .where(
      and(
        eq(deliveries.workerId, worker.id),
        inArray(deliveries.state, ["planned", "running"]),
        or(isNull(deliveries.nextTryAt), lte(deliveries.nextTryAt, sql`now()`)),
        or(isNull(deliveries.attemptId), inArray(runs.status, [...terminalStatuses])),
      ),
    )
    .orderBy(asc(deliveries.askedAt), asc(deliveries.id))
    .limit(1);
  return due?.id ?? null;
}
