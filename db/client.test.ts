import { sql } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { connectDatabase, type Database } from "./client";
import { isDatabaseAway } from "./errors";
import { installation } from "./schema";
import { createTestDatabase, type TestDatabase } from "./testing";
import { openTestProxy, type TestProxy } from "./testing-proxy";

const maxConnections = 2;
let database: TestDatabase;
let proxy: TestProxy;
let db: Database;
beforeEach(async () => {
  database = await createTestDatabase();
  proxy = await openTestProxy(database.url);
  const { url } = proxy;
  db = connectDatabase({ url, maxConnections, name: "t", statementSeconds: 0.2, onError() {} });
  await Promise.all([readOne(), readOne()]);
});
afterEach(async () => {
  proxy.mend();
  await db.$client.end();
  await proxy.close();
  await database.drop();
});

const readOne = () => db.execute(sql`select 1`);
const begin = () => db.transaction((tx) => tx.execute(sql`select 1`));

/** On every connection at once: each of them fails as "the database is away". */
async function failAll(work: () => Promise<unknown>): Promise<void> {
  const all = await Promise.allSettled(Array.from({ length: maxConnections }, work));
  expect(all.map(({ status }) => status)).toEqual(all.map(() => "rejected"));
  const reasons = all.map((one) => (one.status === "rejected" ? one.reason : null));
  expect(reasons.filter((reason) => !isDatabaseAway(reason))).toEqual([]);
}

describe("a database that accepts and never answers", () => {
  it("costs a statement its time limit, and no connection", async () => {
    proxy.stall();
    await failAll(readOne);
    proxy.mend();
    expect((await readOne()).rowCount).toBe(1);
    expect(db.$client.totalCount).toBeLessThanOrEqual(maxConnections);
  });

  it("costs a transaction that cannot begin no connection either", async () => {
    proxy.stall();
    await failAll(begin);
    proxy.mend();
    for (let n = 0; n <= maxConnections; n++) expect((await begin()).rowCount).toBe(1);
  });

  it("takes back what a transaction had written when it fell silent", async () => {
    const write = db.transaction(async (tx) => {
      await tx.insert(installation).values({ id: crypto.randomUUID() });
      proxy.stall();
      await tx.execute(sql`select 1`);
    });
    await expect(write).rejects.toSatisfy(isDatabaseAway);
    proxy.mend();
    expect(await db.select().from(installation)).toEqual([]);
    expect((await begin()).rowCount).toBe(1);
  });
});

it("keeps no connection of transactions that could not begin in an outage", async () => {
  for (let outage = 0; outage <= maxConnections; outage++) {
    proxy.drop();
    await failAll(begin);
    proxy.mend();
  }
  expect((await begin()).rowCount).toBe(1);
});
