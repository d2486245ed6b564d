/** What a host's disk held at one moment. Inodes are null where the file system does not count them. */
export interface DiskReading {
  at: Date;
  totalBytes: number;
  freeBytes: number;
  totalInodes: number | null;
  freeInodes: number | null;
}

/** Why a host takes no new run: less is free than must stay free. */
export interface DiskShortage {
  of: "bytes" | "inodes";
  free: number;
  wanted: number;
}

export const defaultMinFreeBytes = 1024 ** 3;
/** A checkout of a large repository needs tens of thousands of files. */
const minFreeInodes = 10_000;

/** Whether a disk is below its watermark. At the watermark exactly it is not. */
export function findShortage(
  reading: Pick<DiskReading, "freeBytes" | "totalInodes" | "freeInodes">,
  minFreeBytes: number,
): DiskShortage | null {
  const { freeBytes, freeInodes, totalInodes } = reading;
  if (freeBytes < minFreeBytes) return { of: "bytes", free: freeBytes, wanted: minFreeBytes };
  if (freeInodes === null || !totalInodes) return null;
  // A small disk has few of them altogether: a twentieth is then enough.
  const wanted = Math.min(minFreeInodes, Math.floor(totalInodes / 20));
  return freeInodes < wanted ? { of: "inodes", free: freeInodes, wanted } : null;
}

export interface DiskForecast {
  /** Growth of what is used; negative when it shrinks. */
  bytesPerDay: number;
  /** Until nothing is free at this pace; null when it does not grow. */
  daysLeft: number | null;
  /** How long the disk was watched. */
  overDays: number;
}

const dayMs = 24 * 3600 * 1000;
const leastSpanMs = 6 * 3600 * 1000;

/**
 * Where a disk is heading, by a straight line through its readings (least squares, so that one large
 * removal does not decide alone). Null until it was watched for six hours.
 */
export function forecastDisk(
  readings: readonly Pick<DiskReading, "at" | "freeBytes" | "totalBytes">[],
): DiskForecast | null {
  const [first, last] = [readings[0], readings.at(-1)];
  if (!first || !last || last.at.getTime() - first.at.getTime() < leastSpanMs) return null;
  const points = readings.map(({ at, freeBytes, totalBytes }) => ({
    x: (at.getTime() - first.at.getTime()) / dayMs,
    y: totalBytes - freeBytes,
  }));
  const mean = (read: (point: { x: number; y: number }) => number) =>
    points.reduce((sum, point) => sum + read(point), 0) / points.length;
  const [x, y] = [mean((point) => point.x), mean((point) => point.y)];
  const spread = mean((point) => (point.x - x) ** 2);
  const bytesPerDay = mean((point) => (point.x - x) * (point.y - y)) / spread;
  const daysLeft = bytesPerDay > 1 ? last.freeBytes / bytesPerDay : null;
  const overDays = (last.at.getTime() - first.at.getTime()) / dayMs;
  return { bytesPerDay: Math.round(bytesPerDay), daysLeft, overDays };
}
