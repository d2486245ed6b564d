import { and, eq } from "drizzle-orm";
import { cleanupItems, cleanups } from "@/db/schema";
import { recordAudit } from "@/server/audit/record-audit";
import { nameActor } from "@/server/domain/actor";
import type { CleanupView } from "@/server/domain/cleanup";
import { Conflict } from "@/server/domain/errors";
import { parseInput } from "@/server/domain/parse-input";
import type { VerbContext } from "@/server/runs/context";
import { type CleanupKey, cleanupKeySchema, getCleanup } from "./get-cleanup";

/**
 * Ends a cleanup before all is done. The one thing that each host is at is finished, the rest stays.
 * @throws NotFound; Conflict when it is not being carried out.
 */
export async function abortCleanup(context: VerbContext, input: CleanupKey): Promise<CleanupView> {
  const { id } = parseInput(cleanupKeySchema, input);
  const { db, actor, now } = context;
  const before = await getCleanup(db, { id });
  await db.transaction(async (tx) => {
    const moved = await tx
      .update(cleanups)
      .set({ status: "aborted", abortedBy: nameActor(actor), endedAt: now })
      .where(and(eq(cleanups.id, id), eq(cleanups.status, "running")))
      .returning({ id: cleanups.id });
    if (moved.length === 0) {
      throw new Conflict(`This cleanup is ${before.status}: there is nothing to abort.`, {
        facts: { status: before.status },
      });
    }
    await tx
      .update(cleanupItems)
      .set({ status: "skipped", why: "The cleanup was aborted.", endedAt: now })
      .where(and(eq(cleanupItems.cleanupId, id), eq(cleanupItems.status, "planned")));
    const facts = { removed: before.removed, planned: before.planned };
    await recordAudit(tx, {
      ...{ actor, action: "cleanup.aborted", target: `cleanup:${id}`, facts, now },
    });
  });
  return getCleanup(db, { id });
}
