import { and, asc, eq, isNull, or, sql } from "drizzle-orm";
import { cleanupItems, cleanups } from "@/db/schema";
import type { WorkerContext } from "../context";

type Row = typeof cleanupItems.$inferSelect;

/** One thing that a cleanup found due, in this worker's hands. */
export interface CleanupTask extends Row {
  carriedOutBy: string;
  /** It was begun before, by a worker of this name that was killed: it must be ended now. */
  isResumed: boolean;
}

/**
 * Takes what a killed worker of this name left half-done, else the next planned thing for this host.
 * Its row says `removing` from now on; a worker has one thing at a time.
 */
export async function takeItem(context: WorkerContext): Promise<CleanupTask | null> {
  const { id: workerId } = context.worker;
  return context.db.transaction(async (tx) => {
    const [found] = await tx
      .select({ item: cleanupItems, carriedOutBy: cleanups.carriedOutBy })
      .from(cleanupItems)
      .innerJoin(cleanups, eq(cleanups.id, cleanupItems.cleanupId))
      .where(
        or(
          and(eq(cleanupItems.status, "removing"), eq(cleanupItems.workerId, workerId)),
          and(
            eq(cleanupItems.status, "planned"),
            eq(cleanups.status, "running"),
            or(isNull(cleanupItems.workerId), eq(cleanupItems.workerId, workerId)),
          ),
        ),
      )
      .orderBy(sql`${cleanupItems.status} = 'planned'`, asc(cleanupItems.position))
      .limit(1)
      .for("update", { of: cleanupItems, skipLocked: true });
    if (!found) return null;
    const { item } = found;
    const isResumed = item.status === "removing";
    if (!isResumed) {
      await tx
        .update(cleanupItems)
        .set({ status: "removing", workerId })
        .where(eq(cleanupItems.id, item.id));
    }
    return { ...item, workerId, isResumed, carriedOutBy: found.carriedOutBy ?? "system:cleanup" };
  });
}
