import { randomUUID } from "node:crypto";
import { and, asc, eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { attempts, outputChunks, outputTrims, pins, transcriptEntries } from "@/db/schema";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import { insertRun } from "@/db/testing-rows";
import { writeTrimMarker } from "@/server/domain/output-trim";
import { listTranscript } from "@/server/runs/list-transcript";
import { readOutput } from "@/server/runs/read-output";
import { holdForReading } from "./hold-for-reading";
import { trimOutput } from "./trim-output";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const chunkBytes = 100;
const text = Array.from({ length: 1000 }, (_, index) => String(index % 10)).join("");
const now = new Date("2026-05-05T12:00:00.000Z");

/** An ended run with 1,000 bytes in ten chunks, and twenty entries of a transcript. */
async function endedRun() {
  const made = await insertRun(database.db, { status: "succeeded" });
  const { attempt, run } = made;
  if (!attempt) throw new Error("an ended run has an attempt");
  const attemptId = attempt.id;
  for (let offset = 0; offset < text.length; offset += chunkBytes) {
    const bytes = Buffer.from(text.slice(offset, offset + chunkBytes));
    await database.db.insert(outputChunks).values({ attemptId, stream: "output", offset, bytes });
  }
  await database.db
    .update(attempts)
    .set({ outputBytes: text.length, endedAt: now, transcriptSeq: 20 })
    .where(eq(attempts.id, attemptId));
  await database.db.insert(transcriptEntries).values(
    Array.from({ length: 20 }, (_, index) => ({
      ...{ runId: run.id, seq: index + 1, attemptId, at: now },
      entry: { kind: "text" as const, text: `entry ${index + 1}` },
    })),
  );
  const trim = (keepBytes: number, reason: "too_old" | "too_large" = "too_old") =>
    database.db.transaction((tx) => trimOutput(tx, { runId: run.id, reason, keepBytes, now }));
  const read = async (input: { from?: number; to?: number; marker?: boolean } = {}) => {
    const range = await readOutput(database.db, { id: run.id, ...input });
    const parts: Uint8Array[] = [];
    for await (const part of range.bytes) parts.push(part);
    const bytes = Buffer.concat(parts);
    expect(bytes.length).toBe(range.length);
    return { ...range, text: bytes.toString() };
  };
  return { ...made, attemptId, trim, read };
}

test("keeps beginning and end of a stream, byte for byte where they were", async () => {
  const { trim, read } = await endedRun();
  expect(await trim(400)).toBeGreaterThanOrEqual(600);
  const { trim: gap, totalBytes } = await read();
  expect(gap).toEqual({ from: 100, to: 700, at: now.toISOString(), reason: "too_old" });
  expect(totalBytes).toBe(1000);
  expect((await read({ from: 3, to: 90 })).text).toBe(text.slice(3, 90));
  expect((await read({ from: 703, to: 911 })).text).toBe(text.slice(703, 911));
  expect((await read({ from: 1000 })).text).toBe("");
});

test("shows a marker in place of what is gone, and one unbroken piece to those who count bytes", async () => {
  const { trim, read } = await endedRun();
  await trim(400);
  const gap = { from: 100, to: 700, at: now.toISOString(), reason: "too_old" as const };
  const marker = writeTrimMarker(gap);
  expect((await read()).text).toBe(text.slice(0, 100) + marker + text.slice(700));
  expect((await read({ from: 300, to: 800 })).text).toBe(marker + text.slice(700, 800));
  expect((await read({ from: 300, to: 400 })).text).toBe(marker);
  const counted = { marker: false };
  expect(await read({ ...counted, from: 50 })).toMatchObject({
    ...{ from: 50, to: 100, text: text.slice(50, 100) },
  });
  expect(await read({ ...counted, from: 300, to: 800 })).toMatchObject({
    ...{ from: 700, to: 800, text: text.slice(700, 800) },
  });
  expect(await read({ ...counted, from: 300, to: 400 })).toMatchObject({
    ...{ from: 700, to: 700, text: "" },
  });
});

test("makes the gap larger when less is to stay, and does nothing twice", async () => {
  const { trim, read, attemptId } = await endedRun();
  await trim(800, "too_large");
  expect((await read()).trim).toMatchObject({ from: 200, to: 400, reason: "too_large" });
  expect(await trim(800)).toBe(0);
  expect(await trim(900)).toBe(0);
  expect(await trim(200)).toBeGreaterThan(0);
  expect((await read()).trim).toMatchObject({ from: 100, to: 800, reason: "too_old" });
  const left = await database.db
    .select({ offset: outputChunks.offset })
    .from(outputChunks)
    .where(eq(outputChunks.attemptId, attemptId))
    .orderBy(asc(outputChunks.offset));
  expect(left.map(({ offset }) => offset)).toEqual([0, 800, 900]);
});

test("puts one entry in place of the transcript's middle, and counts what earlier cuts took", async () => {
  const { trim, run } = await endedRun();
  const list = async () => (await listTranscript(database.db, { id: run.id })).items;
  await trim(400);
  const once = await list();
  const first = once.find(({ entry }) => entry.kind === "trimmed")?.entry;
  if (first?.kind !== "trimmed") throw new Error("there is no marker");
  expect(first.entries).toBe(20 - (once.length - 1));
  await trim(100);
  const twice = await list();
  const markers = twice.filter(({ entry }) => entry.kind === "trimmed");
  expect(markers).toHaveLength(1);
  const [marker] = markers;
  if (marker?.entry.kind !== "trimmed") throw new Error("there is no marker");
  expect(marker.entry.entries).toBe(20 - (twice.length - 1));
  expect(marker.seq - marker.entry.firstSeq + 1).toBe(marker.entry.entries);
  expect(twice.at(-1)).toMatchObject({ seq: 20, entry: { text: "entry 20" } });
  expect(await trim(100)).toBe(0);
  expect((await listTranscript(database.db, { id: run.id })).total).toBe(20);
});

test("leaves alone what is pinned or being read, and what goes on", async () => {
  const { trim, run, read, attemptId } = await endedRun();
  const open = await readOutput(database.db, { id: run.id });
  await open.bytes.next();
  await expect(trim(400)).rejects.toThrow("reading");
  for await (const part of open.bytes) expect(part.length).toBeGreaterThan(0);
  await database.db.insert(pins).values({
    ...{ id: randomUUID(), kind: "member", runId: run.id, createdBy: "member:Ada" },
    createdAt: now,
  });
  await expect(trim(400)).rejects.toThrow("member:Ada pinned it");
  await database.db.delete(pins).where(eq(pins.runId, run.id));
  expect((await read()).trim).toBeNull();
  expect(await trim(400)).toBeGreaterThan(0);
  const rows = and(eq(outputTrims.attemptId, attemptId), eq(outputTrims.stream, "output"));
  expect(await database.db.select().from(outputTrims).where(rows)).toHaveLength(1);
  const live = await insertRun(database.db, { status: "running" });
  const early = database.db.transaction((tx) =>
    trimOutput(tx, { runId: live.run.id, reason: "too_old", keepBytes: 0, now }),
  );
  await expect(early).rejects.toMatchObject({ code: "conflict" });
});

test("makes a reader wait for a cut that is under way, and lets a forgotten pin run out", async () => {
  const { run, read, trim } = await endedRun();
  let reading: Promise<unknown> | undefined;
  await database.db.transaction(async (tx) => {
    await trimOutput(tx, { runId: run.id, reason: "too_old", keepBytes: 400, now });
    reading = read();
    const waiting = await waitForLock();
    expect(waiting).toBe(true);
  });
  await reading;
  await holdForReading(database.db, { runId: run.id });
  await database.db.update(pins).set({ until: new Date(now.getTime() - 1) });
  expect(await trim(100)).toBeGreaterThan(0);
});

/** Until somebody waits for a lock that another transaction of this database has. */
async function waitForLock(): Promise<boolean> {
  for (;;) {
    const { rows } = await database.db.execute(
      `select 1 from pg_stat_activity where datname = current_database()
        and wait_event_type = 'Lock' and query like 'insert into "pins"%'`,
    );
    if (rows.length > 0) return true;
  }
}
