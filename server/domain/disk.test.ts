import { expect, test } from "vitest";
import { findShortage, forecastDisk } from "./disk";

const gibibyte = 1024 ** 3;
const start = Date.parse("2026-01-01T00:00:00Z");
const totalBytes = 100 * gibibyte;
const reading = (hours: number, freeBytes: number) => ({
  ...{ at: new Date(start + hours * 3600 * 1000), freeBytes, totalBytes },
});

test("is short of bytes below the watermark, and not at it", () => {
  const disk = { totalInodes: null, freeInodes: null };
  expect(findShortage({ ...disk, freeBytes: 1000 }, 1000)).toBeNull();
  expect(findShortage({ ...disk, freeBytes: 999 }, 1000)).toEqual({
    ...{ of: "bytes", free: 999, wanted: 1000 },
  });
});

test("is short of inodes where the file system counts them", () => {
  const disk = { freeBytes: 1000, totalInodes: 1_000_000, freeInodes: 9_999 };
  expect(findShortage(disk, 0)).toEqual({ of: "inodes", free: 9_999, wanted: 10_000 });
  expect(findShortage({ ...disk, freeInodes: 10_000 }, 0)).toBeNull();
  expect(findShortage({ ...disk, totalInodes: 1_000, freeInodes: 50 }, 0)).toBeNull();
  expect(findShortage({ ...disk, totalInodes: 1_000, freeInodes: 49 }, 0)).not.toBeNull();
});

test("tells when a disk that grows evenly is full", () => {
  const readings = Array.from({ length: 49 }, (_, hours) =>
    reading(hours, (50 - hours / 24) * gibibyte),
  );
  const forecast = forecastDisk(readings);
  expect(forecast).toMatchObject({ bytesPerDay: gibibyte, overDays: 2 });
  expect(forecast?.daysLeft).toBeCloseTo(48);
});

test("lets no single removal decide", () => {
  const readings = Array.from({ length: 97 }, (_, hours) =>
    reading(hours, (hours === 50 ? 60 : 50 - hours / 24) * gibibyte),
  );
  const forecast = forecastDisk(readings);
  expect(forecast?.bytesPerDay).toBeGreaterThan(0.9 * gibibyte);
});

test("promises nothing when the disk empties, or was watched for too short a time", () => {
  expect(forecastDisk([reading(0, 5), reading(5, 4)])).toBeNull();
  expect(forecastDisk([])).toBeNull();
  expect(forecastDisk([reading(0, 40 * gibibyte), reading(24, 50 * gibibyte)])).toMatchObject({
    ...{ bytesPerDay: -10 * gibibyte, daysLeft: null },
  });
});
