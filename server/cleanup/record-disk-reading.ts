import { and, eq, lt } from "drizzle-orm";
import type { Database } from "@/db/client";
import { diskReadings } from "@/db/schema";
import type { DiskReading } from "@/server/domain/disk";
import type { WorkerId } from "@/server/domain/ids";

const quarterMs = 15 * 60 * 1000;
const keepDays = 30;

/** Stores what a host's disk holds now: one row a quarter of an hour, which the newest overwrites. */
export async function recordDiskReading(
  db: Database,
  workerId: WorkerId,
  reading: DiskReading,
): Promise<void> {
  const { at } = reading;
  const quarter = new Date(Math.floor(at.getTime() / quarterMs) * quarterMs);
  const [row] = await db
    .insert(diskReadings)
    .values({ workerId, quarter, ...reading })
    .onConflictDoUpdate({ target: [diskReadings.workerId, diskReadings.quarter], set: reading })
    .returning({ quarter: diskReadings.quarter });
  if (row?.quarter.getTime() !== quarter.getTime()) return;
  const before = new Date(at.getTime() - keepDays * 24 * 3600 * 1000);
  await db
    .delete(diskReadings)
    .where(and(eq(diskReadings.workerId, workerId), lt(diskReadings.quarter, before)));
}
