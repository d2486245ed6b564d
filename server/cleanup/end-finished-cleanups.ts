import { sql } from "drizzle-orm";
import type { Database } from "@/db/client";
import { recordAudit } from "@/server/audit/record-audit";
import { findLiveWorkers } from "@/server/workers/find-live-workers";

/**
 * Ends cleanups of which no living host has anything left to do. What hosts that went away meanwhile
 * had before them is skipped; what one had in hand is ended by its next worker.
 */
export async function endFinishedCleanups(db: Database, now: Date): Promise<void> {
  const alive = (await findLiveWorkers(db, now)).map(({ id }) => id);
  const at = now.toISOString();
  await db.transaction(async (tx) => {
    await tx.execute(sql`
      update cleanup_items i set status = 'skipped', ended_at = ${at}::timestamptz,
        why = 'Its host went away during the cleanup.'
      from cleanups c where c.id = i.cleanup_id and c.status = 'running' and i.status = 'planned'
        and i.worker_id is not null and not (i.worker_id = any (${sql.param(alive)}::uuid[]))`);
    const { rows } = await tx.execute<{
      id: string;
      removed: number;
      kept: number;
      failed: number;
      freed_bytes: string;
    }>(sql`
      update cleanups c set status = 'done', ended_at = ${at}::timestamptz
      where c.status = 'running' and not exists (select 1 from cleanup_items i
        where i.cleanup_id = c.id and (i.status = 'planned'
          or (i.status = 'removing' and i.worker_id = any (${sql.param(alive)}::uuid[]))))
      returning c.id, c.removed, c.kept, c.failed, c.freed_bytes`);
    for (const { id, removed, kept, failed, freed_bytes } of rows) {
      await recordAudit(tx, {
        actor: { kind: "system", name: "cleanup" },
        action: "cleanup.ended",
        target: `cleanup:${id}`,
        facts: { removed, kept, failed, freedBytes: Number(freed_bytes) },
        now,
      });
    }
  });
}
