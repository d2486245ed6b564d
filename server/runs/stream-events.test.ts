import { sql } from "drizzle-orm";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import { insertRun } from "@/db/testing-rows";
import type { RunId } from "@/server/domain/ids";
import { appendEvent } from "./append-event";
import { type EventBus, openEventBus, outputChannel } from "./event-bus";
import { streamEvents, type WakeBatch } from "./stream-events";

let database: TestDatabase;
let bus: EventBus;
let runId: RunId;
beforeEach(async () => {
  database = await createTestDatabase();
  // Nothing but NOTIFY and the end of an outage wakes the bus here.
  const { db, url } = database;
  bus = openEventBus({ db, url, lookAgainSeconds: null, onError: () => {} });
  runId = (await insertRun(db, { status: "running" })).run.id;
});
afterEach(async () => {
  await bus.close();
  await database.drop();
});

function append(text: string): Promise<number> {
  return database.db.transaction((tx) =>
    appendEvent(tx, {
      runId,
      kind: "notice",
      actor: "system:test",
      data: { text },
      now: new Date(),
    }),
  );
}

/** Six writers at once, so that ids are taken in another order than the calls were made. */
async function appendMany(events: number): Promise<number[]> {
  const ids: number[] = [];
  let started = 0;
  const write = async () => {
    while (started < events) {
      started += 1;
      ids.push(await append(`notice ${started}`));
    }
  };
  await Promise.all(Array.from({ length: 6 }, write));
  return ids.sort((x, y) => x - y);
}

/** Reads a stream as a browser does, and keeps what came. */
function read(after: number | null, ending: AbortSignal[] = []) {
  const leaving = new AbortController();
  const batches: WakeBatch[] = [];
  const options = { after, left: leaving.signal, ending };
  const reading = (async () => {
    for await (const batch of streamEvents(database.db, bus, options)) batches.push(batch);
  })();
  reading.catch(() => {});
  const wakes = () => batches.flatMap((batch) => batch.wakes);
  const ids = () => wakes().flatMap((wake) => (wake.kind === "event" ? [wake.id] : []));
  return { batches, wakes, ids, reading, leave: () => leaving.abort() };
}

const soon = <T>(check: () => T) => vi.waitFor(check, { timeout: 10_000, interval: 10 });

/** Ends the process's LISTEN connection from the server's side. */
async function killListener(): Promise<void> {
  const killed = await database.db.execute(sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where application_name = 'coppice-listen' and datname = current_database()`);
  expect(killed.rows.length).toBeGreaterThan(0);
}

test("gives a reader without a position one at once, and only what comes after it", async () => {
  const [before] = await appendMany(1);
  const reader = read(null);
  await soon(() => expect(reader.batches).toEqual([{ lastEventId: before, wakes: [] }]));
  const later = await append("later");
  await soon(() => expect(reader.ids()).toEqual([later]));
  expect(reader.wakes()[0]).toEqual({
    kind: "event",
    id: later,
    runId,
    event: "notice",
    status: null,
  });
  reader.leave();
  await reader.reading;
});

test("resumes after a position with every event once and in order, however many were missed", async () => {
  const missed = await appendMany(1_200);
  const reader = read(missed[99] ?? 0);
  const meanwhile = appendMany(50);
  await soon(() => expect(reader.ids()).toHaveLength(1_150));
  expect(reader.ids()).toEqual([...missed.slice(100), ...(await meanwhile)]);
  reader.leave();
  await reader.reading;
}, 60_000);

test("brings every event exactly once over three killed LISTEN connections", async () => {
  const readers = [read(0), read(0)];
  const expected = await appendMany(20);
  await soon(() => expect(readers[0]?.ids()).toEqual(expected));
  for (let round = 0; round < 3; round += 1) {
    const [, written] = await Promise.all([killListener(), appendMany(40)]);
    expected.push(...written);
    for (const reader of readers) await soon(() => expect(reader.ids()).toEqual(expected));
  }
  for (const reader of readers) {
    reader.leave();
    await reader.reading;
  }
}, 60_000);

test("says again how far live output has come after the connection was lost", async () => {
  const reader = read(0);
  await soon(() => expect(bus.listeners()).toBe(1));
  await killListener();
  await soon(() =>
    expect(reader.wakes()).toContainEqual({ kind: "output", runId, bytes: 0, entries: 0 }),
  );
  reader.leave();
  await reader.reading;
});

test("sends at most ten batches a second, and of a run's output only the newest notice", async () => {
  const reader = read(0);
  await soon(() => expect(bus.listeners()).toBe(1));
  const startedAt = performance.now();
  for (let bytes = 1; bytes <= 300; bytes += 1) {
    const payload = JSON.stringify({ runId, bytes, entries: 0 });
    await database.db.execute(sql`select pg_notify(${outputChannel}, ${payload})`);
  }
  await soon(() =>
    expect(reader.wakes().at(-1)).toEqual({ kind: "output", runId, bytes: 300, entries: 0 }),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  expect(reader.batches.length).toBeLessThanOrEqual(Math.ceil(seconds * 10) + 1);
  expect(reader.wakes().length).toBe(reader.batches.length);
  reader.leave();
  await reader.reading;
});

test("lives through a notice that is not one of ours", async () => {
  const reader = read(0);
  await soon(() => expect(bus.listeners()).toBe(1));
  for (const payload of ["", "no json", "{}", '{"runId":1}']) {
    await database.db.execute(sql`select pg_notify(${outputChannel}, ${payload})`);
  }
  const id = await append("after it");
  await soon(() => expect(reader.ids()).toContain(id));
  reader.leave();
  await reader.reading;
});

test("throws our own reason to end, and leaves no listener behind", async () => {
  const ending = new AbortController();
  const [ended, left] = [read(0, [ending.signal]), read(0)];
  await soon(() => expect(bus.listeners()).toBe(2));
  const removed = vi.spyOn(ending.signal, "removeEventListener");
  ending.abort();
  await expect(ended.reading).rejects.toMatchObject({ name: "AbortError" });
  expect(removed).toHaveBeenCalledWith("abort", expect.any(Function));
  left.leave();
  await left.reading;
  expect(bus.listeners()).toBe(0);
});

test("begins at the newest event for a reader that comes from another database", async () => {
  const [newest] = await appendMany(1);
  const reader = read(1_000_000);
  await soon(() => expect(bus.listeners()).toBe(1));
  const later = await append("later");
  await soon(() => expect(reader.ids()).toEqual([later]));
  expect(later).toBeGreaterThan(newest ?? 0);
  reader.leave();
  await reader.reading;
});
