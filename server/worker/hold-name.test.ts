import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import { openTestProxy, type TestProxy } from "@/db/testing-proxy";
import { type HeldName, holdName } from "./hold-name";

let database: TestDatabase;
let proxy: TestProxy;
const held: (HeldName | null)[] = [];
beforeAll(async () => {
  database = await createTestDatabase();
  proxy = await openTestProxy(database.url);
});
afterEach(async () => {
  proxy.mend();
  for (const name of held.splice(0)) await name?.release();
});
afterAll(async () => {
  await proxy.close();
  await database.drop();
});

async function hold(databaseUrl: string, onTaken = vi.fn()) {
  const name = await holdName({ databaseUrl, name: "builder", log: () => {}, onTaken });
  held.push(name);
  return name;
}

it("gives a name to one of many workers that start at once, and to the next when that one ends", async () => {
  const all = await Promise.all([1, 2, 3, 4].map(() => hold(database.url)));
  const [first] = all.filter((name) => name !== null);
  expect(all.filter((name) => name !== null)).toHaveLength(1);
  expect(await hold(database.url)).toBeNull();
  await first?.release();
  expect(await hold(database.url)).not.toBeNull();
});

it("takes its name again after an outage, so that nobody else gets it", async () => {
  const onTaken = vi.fn();
  await hold(proxy.url, onTaken);
  proxy.drop();
  proxy.mend();
  await vi.waitUntil(async () => (await hold(database.url)) === null, { timeout: 10_000 });
  expect(onTaken).not.toHaveBeenCalled();
});

it("tells a worker that another one took its name while the database was out of its reach", async () => {
  const onTaken = vi.fn();
  await hold(proxy.url, onTaken);
  proxy.drop();
  await vi.waitUntil(async () => (await hold(database.url)) !== null, { timeout: 10_000 });
  proxy.mend();
  await vi.waitFor(() => expect(onTaken).toHaveBeenCalled(), { timeout: 10_000 });
});
