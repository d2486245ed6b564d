import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import { openTestProxy, type TestProxy } from "@/db/testing-proxy";
import { insertRun } from "@/db/testing-rows";
import { appendEvent } from "./append-event";
import { type EventWake, openEventBus } from "./event-bus";

let database: TestDatabase;
let proxy: TestProxy;
beforeAll(async () => {
  database = await createTestDatabase();
  proxy = await openTestProxy(database.url);
});
afterAll(async () => {
  await proxy.close();
  await database.drop();
});

test("brings events by looking when the LISTEN connection is open and says nothing more", async () => {
  const onError = vi.fn();
  const bus = openEventBus({ db: database.db, url: proxy.url, lookAgainSeconds: 0.1, onError });
  const seen: EventWake[] = [];
  await bus.subscribe({ onEvents: (events) => seen.push(...events), onOutput() {}, onClose() {} });
  const { run } = await insertRun(database.db, { status: "queued" });
  proxy.stall();
  const fact = {
    runId: run.id,
    kind: "notice" as const,
    actor: "system:test",
    data: { text: "x" },
  };
  const ids: number[] = [];
  for (let n = 0; n < 3; n++) {
    ids.push(await database.db.transaction((tx) => appendEvent(tx, { ...fact, now: new Date() })));
  }
  await vi.waitFor(() => expect(seen.map(({ id }) => id)).toEqual(ids), { timeout: 10_000 });
  proxy.mend();
  await bus.close();
  expect(onError).not.toHaveBeenCalled();
});
