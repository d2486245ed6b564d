import { statfsSync } from "node:fs";
import type { Database } from "@/db/client";
import { readSettings } from "@/server/cleanup/read-settings";
import { recordDiskReading } from "@/server/cleanup/record-disk-reading";
import { type DiskReading, type DiskShortage, findShortage } from "@/server/domain/disk";
import type { WorkerId } from "@/server/domain/ids";

/** The disk of this host's home, as claims ask for it. */
export interface DiskWatch {
  /** Looks at the disk now; null while there is room for another run. */
  findShortage(): DiskShortage | null;
  /** Reads the watermark again and stores what the disk holds. */
  refresh(): Promise<void>;
}

/** Watches the disk that holds the home. The watermark is as old as the last `refresh`. */
export async function watchDisk(
  db: Database,
  home: string,
  workerId: WorkerId,
): Promise<DiskWatch> {
  let { minFreeBytes } = await readSettings(db);
  const refresh = async () => {
    ({ minFreeBytes } = await readSettings(db));
    await recordDiskReading(db, workerId, readDisk(home));
  };
  await refresh();
  return { findShortage: () => findShortage(readDisk(home), minFreeBytes), refresh };
}

/** What this account may use; a file system that does not count inodes says 0. */
function readDisk(home: string): DiskReading {
  const { bsize, blocks, bavail, files, ffree } = statfsSync(home);
  return {
    at: new Date(),
    totalBytes: bsize * blocks,
    freeBytes: bsize * bavail,
    totalInodes: files > 0 ? files : null,
    freeInodes: files > 0 ? ffree : null,
  };
}
