import { and, inArray, lt, sql } from "drizzle-orm";
import type { Database, Transaction } from "@/db/client";
import { cleanupItems, cleanupSettings, cleanups, pins } from "@/db/schema";
import type { Actor } from "@/server/domain/actor";
import { findDue } from "@/server/domain/find-due";
import { insertCleanup } from "./insert-cleanup";
import { readSettings } from "./read-settings";

const scheduler: Actor = { kind: "system", name: "schedule" };
const keepItemsDays = 7;

/**
 * Begins the daily cleanup when its time has come; whichever worker is first does it, once. Answers
 * its id, or null.
 */
export async function startDueCleanup(db: Database, now: Date): Promise<string | null> {
  await db.insert(cleanupSettings).values({ scheduledFor: now }).onConflictDoNothing();
  const { mode, at } = await readSettings(db);
  const due = findDue(at, now);
  return db.transaction(async (tx) => {
    const won = await tx
      .update(cleanupSettings)
      .set({ scheduledFor: due })
      .where(lt(cleanupSettings.scheduledFor, due))
      .returning({ isOnly: cleanupSettings.isOnly });
    if (won.length === 0 || mode === "off") return null;
    await forgetOldReports(tx, now);
    await tx.delete(pins).where(lt(pins.until, now));
    const isDryRun = mode === "report" || (await isOneUnderWay(tx));
    return insertCleanup(tx, {
      ...{ actor: scheduler, repositoryId: null, isDryRun, isScheduled: true, now },
    });
  });
}

async function isOneUnderWay(tx: Transaction): Promise<boolean> {
  const { rows } = await tx.execute(sql`select 1 from cleanups where status = 'running'`);
  return rows.length > 0;
}

/** Of a dry run that nobody carried out, the counts are enough after a week. */
async function forgetOldReports(tx: Transaction, now: Date): Promise<void> {
  const before = new Date(now.getTime() - keepItemsDays * 24 * 3600 * 1000);
  const old = tx
    .select({ id: cleanups.id })
    .from(cleanups)
    .where(and(sql`${cleanups.status} = 'reported'`, lt(cleanups.startedAt, before)));
  await tx.delete(cleanupItems).where(inArray(cleanupItems.cleanupId, old));
}
