import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { installation, workers } from "@/db/schema";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import { insertWorker } from "@/db/testing-rows";
import type { Actor } from "@/server/domain/actor";
import { closeProducerOf } from "@/server/jobs/jobs";
import { getWorker } from "@/server/workers/get-worker";
import { setHostLostLimit } from "@/server/workers/host-lost-limit";
import { declareOverdueHosts } from "./declare-overdue-hosts";

const actor: Actor = { kind: "member", id: "m1", name: "Ada", role: "admin" };
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await closeProducerOf(database.db);
  await database.drop();
});

const context = () => ({ db: database.db, actor, now: new Date() });
const silent = sql`now() - interval '1 hour'`;

test("declares nothing lost by itself unless the team said so, and only silence that it watched", async () => {
  const { db } = database;
  await db.insert(installation).values({ id: crypto.randomUUID() });
  const worker = await insertWorker(db);
  const stopped = await insertWorker(db, { stoppedAt: new Date() });
  await db.update(workers).set({ heartbeatAt: silent });
  const watchedSince = new Date(Date.now() - 7.2e6);
  const look = (since = watchedSince) =>
    declareOverdueHosts({ db, watchedSince: since, now: new Date() });
  expect(await look()).toEqual([]);
  await setHostLostLimit(context(), { minutes: 30 });
  expect(await look(new Date())).toEqual([]);
  const declared = await look();
  expect(declared).toContain(worker.name);
  expect(declared).not.toContain(stopped.name);
  expect(await getWorker(db, { name: worker.name })).toMatchObject({
    state: "lost",
    lost: { by: "system:host-lost limit" },
  });
  expect(await look()).toEqual([]);
});
