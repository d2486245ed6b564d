import { asc, gt, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { diskReadings, workers } from "@/db/schema";
import type { DiskView } from "@/server/domain/cleanup-views";
import { findShortage, forecastDisk } from "@/server/domain/disk";
import { isWorkerAlive } from "@/server/workers/find-live-workers";
import { readSettings } from "./read-settings";

const forecastDays = 7;

/** What each host's disk holds, where it is heading, and whether the host takes runs. */
export async function listDisks(db: Executor, now: Date): Promise<{ items: DiskView[] }> {
  const { minFreeBytes } = await readSettings(db);
  const since = new Date(now.getTime() - forecastDays * 24 * 3600 * 1000);
  const readings = await db
    .select()
    .from(diskReadings)
    .where(gt(diskReadings.quarter, since))
    .orderBy(asc(diskReadings.quarter));
  const sizes = await readWorkspaceSizes(db);
  const known = await db.select().from(workers).orderBy(asc(workers.name)).limit(200);
  return {
    items: known.flatMap((worker): DiskView[] => {
      const own = readings.filter(({ workerId }) => workerId === worker.id);
      const last = own.at(-1);
      if (!last) return [];
      const { at, totalBytes, freeBytes, freeInodes } = last;
      return [
        {
          ...{ worker: worker.name, host: worker.host, home: worker.home },
          ...{ isAlive: isWorkerAlive(worker, now), at, totalBytes, freeBytes, freeInodes },
          minFreeBytes,
          shortage: findShortage(last, minFreeBytes),
          forecast: forecastDisk(own),
          workspaces: sizes.get(worker.id) ?? { count: 0, bytes: 0 },
        },
      ];
    }),
  };
}

async function readWorkspaceSizes(db: Executor) {
  const { rows } = await db.execute<{ worker_id: string; count: string; bytes: string | null }>(sql`
    select worker_id, count(*) as count, sum(bytes) as bytes from workspaces
    where state in ('creating', 'ready', 'removing') and worker_id is not null group by worker_id`);
  return new Map<string, { count: number; bytes: number }>(
    rows.map(({ worker_id, count, bytes }) => [
      worker_id,
      { count: Number(count), bytes: Number(bytes ?? 0) },
    ]),
  );
}
