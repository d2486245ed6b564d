import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import { insertRun, insertSession, insertWorker } from "@/db/testing-rows";
import type { Actor } from "@/server/domain/actor";
import { appendEvent } from "@/server/runs/append-event";
import { getOverview, overviewSchema } from "./get-overview";

const actor: Actor = { kind: "member", id: "m1", name: "Ada", role: "operator" };
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test("is whole on an empty installation", async () => {
  const overview = await getOverview(database.db, actor, new Date());
  expect(overviewSchema.parse(overview)).toEqual(overview);
  expect(overview).toMatchObject({ needsAttention: [], live: [], recent: [], lastEventId: 0 });
});

test("names what waits for somebody, what is live, what ended, and where the events stand", async () => {
  const { db } = database;
  const waiting = await insertRun(db, { status: "waiting" });
  const failed = await insertRun(db, { status: "failed" });
  const old = new Date(Date.now() - 25 * 3_600_000);
  const longAgo = await insertRun(db, { status: "failed", createdAt: old, endedAt: old });
  const queued = await insertRun(db);
  const id = await db.transaction((tx) =>
    appendEvent(tx, {
      runId: queued.run.id,
      kind: "notice",
      actor: "system:test",
      data: {},
      now: new Date(),
    }),
  );
  const overview = await getOverview(db, actor, new Date());
  const ids = (list: { id: string }[]) => list.map((run) => run.id);
  expect(ids(overview.needsAttention)).toEqual([waiting.run.id, failed.run.id]);
  expect(ids(overview.live).sort()).toEqual([waiting.run.id, queued.run.id].sort());
  expect(ids(overview.recent)).toEqual([failed.run.id, longAgo.run.id]);
  expect(overview.counts.byStatus).toMatchObject({ failed: 2, queued: 1, waiting: 1, running: 0 });
  expect(overview.lastEventId).toBe(id);
});

test("lets a failure rest once it was rerun or its session went on", async () => {
  const { db } = database;
  const now = Date.now();
  const inSession = await insertSession(db);
  const continued = await insertRun(db, { in: inSession, status: "failed" });
  await insertRun(db, { in: inSession, createdAt: new Date(now + 1000) });
  const rerun = await insertRun(db, { status: "failed" });
  await insertRun(db, { rerunOf: rerun.run.id, createdAt: new Date(now + 1000) });
  const { needsAttention } = await getOverview(db, actor, new Date());
  const ids = needsAttention.map((run) => run.id);
  expect(ids).not.toContain(continued.run.id);
  expect(ids).not.toContain(rerun.run.id);
});

test("shows a worker that has not beaten for a while, or stopped, as away, with what it holds", async () => {
  const { db } = database;
  const now = new Date();
  const beat = (secondsAgo: number) => new Date(now.getTime() - secondsAgo * 1000);
  const alive = await insertWorker(db, { name: "a-alive", heartbeatAt: beat(5) });
  await insertWorker(db, { name: "a-silent", heartbeatAt: beat(21) });
  await insertWorker(db, { name: "a-stopped", heartbeatAt: beat(1), stoppedAt: now });
  await insertRun(db, { status: "running", workerId: alive.id });
  await insertRun(db, { status: "succeeded", workerId: alive.id });
  const { workers } = await getOverview(db, actor, now);
  const mine = workers.filter(({ name }) => name.startsWith("a-"));
  expect(mine.map(({ name, isAlive, held }) => [name, isAlive, held])).toEqual([
    ["a-alive", true, 1],
    ["a-silent", false, 0],
    ["a-stopped", false, 0],
  ]);
});
