import { desc, eq, type SQL, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { cleanupItems, cleanups, repositories } from "@/db/schema";
import type { CleanupView } from "@/server/domain/cleanup";

/** Cleanups that meet a condition, newest first, with what a worker is at. */
export async function readCleanupViews(
  db: Executor,
  { where, limit }: { where: SQL | undefined; limit: number },
): Promise<CleanupView[]> {
  return db
    .select({
      id: cleanups.id,
      status: cleanups.status,
      isScheduled: cleanups.isScheduled,
      startedBy: cleanups.startedBy,
      startedAt: cleanups.startedAt,
      carriedOutBy: cleanups.carriedOutBy,
      carriedOutAt: cleanups.carriedOutAt,
      endedAt: cleanups.endedAt,
      repository: repositories.name,
      planned: cleanups.planned,
      plannedBytes: cleanups.plannedBytes,
      blocked: cleanups.blocked,
      removed: cleanups.removed,
      kept: cleanups.kept,
      failed: cleanups.failed,
      freedBytes: cleanups.freedBytes,
      isCut: cleanups.isCut,
      current: sql<string | null>`(select i.reason from ${cleanupItems} i
        where i.cleanup_id = ${cleanups.id} and i.status = 'removing' order by i.position limit 1)`,
    })
    .from(cleanups)
    .leftJoin(repositories, eq(repositories.id, cleanups.repositoryId))
    .where(where)
    .orderBy(desc(cleanups.startedAt), desc(cleanups.id))
    .limit(limit);
}
