import { sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { connectDatabase, type Database } from "@/db/client";
import { openTestProxy, type TestProxy } from "@/db/testing-proxy";
import { insertRepository, insertWorkflow } from "@/db/testing-rows";
import { createDoor, type Door } from "@/server/auth/door";
import { makeRequest, openTestDoor, type TestDoor, type TestRequest } from "../testing";
import { answerHealth } from "./answer-health";
import { answerRest } from "./answer-rest";

let opened: TestDoor;
let proxy: TestProxy;
let db: Database;
let door: Door;
beforeAll(async () => {
  opened = await openTestDoor();
  proxy = await openTestProxy(opened.database.url);
  const { url } = proxy;
  db = connectDatabase({
    url,
    maxConnections: 4,
    name: "web",
    statementSeconds: 0.3,
    onError() {},
  });
  const { addresses } = opened.door;
  door = createDoor({ db, addresses, secret: "not-asked-for-in-these-tests-at-all" });
});
afterEach(() => proxy.mend());
afterAll(async () => {
  await db.$client.end();
  await proxy.close();
  await opened.database.drop();
});

async function ask(path: string, options: TestRequest = {}) {
  const request = makeRequest(`/api/v1${path}`, { token: opened.tokens.operator, ...options });
  const response = await answerRest(door, request, path);
  return { status: response.status, body: await response.json() };
}

test("answers everybody with 503 while the database hangs, and is well at once when it is back", async () => {
  await Promise.all(Array.from({ length: 4 }, () => ask("/runs")));
  proxy.stall();
  const quiet = vi.spyOn(console, "error").mockReturnValue();
  const all = Array.from({ length: 3 }, () => ask("/runs"));
  const [health, ...answers] = await Promise.all([answerHealth(async () => door), ...all]);
  quiet.mockRestore();
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 503));
  expect(answers[0]?.body.error).toMatchObject({ code: "unavailable", hint: expect.any(String) });
  expect(health.status).toBe(503);
  proxy.mend();
  expect(await ask("/runs")).toMatchObject({ status: 200, body: { items: [] } });
});

async function prepareRun(idempotencyKey: string) {
  const repository = await insertRepository(opened.database.db);
  const { workflow } = await insertWorkflow(opened.database.db);
  const names = { workflow: workflow.name, repository: repository.name };
  return { json: { ...names, message: "Do it", idempotencyKey } };
}

const listed = async () => (await ask("/runs")).body.items.map(({ id }: { id: string }) => id);

test("gives the run whose first answer was lost with the connection to whoever asks again", async () => {
  const options = await prepareRun("lost answer");
  const before = await listed();
  const cut = proxy.cutCommit('insert into "runs"', "lost answer");
  const first = await ask("/runs", options);
  await cut;
  expect(first.status).toBe(503);
  const second = await ask("/runs", options);
  expect(second.status).toBe(200);
  expect(await listed()).toEqual([second.body.id, ...before]);
});

test("says that the database's disk is full, keeps nothing by halves, and reads on meanwhile", async () => {
  const options = await prepareRun("no room");
  const before = await listed();
  await fillDisk();
  const refused = await ask("/runs", options);
  expect(refused).toMatchObject({ status: 503, body: { error: { code: "unavailable" } } });
  expect(refused.body.error.message).toContain("full");
  expect(await listed()).toEqual(before);
  await db.execute(sql`drop trigger full_disk on run_events`);
  expect((await ask("/runs", options)).status).toBe(200);
});

/** A full disk would take the tests' own server with it: only its answer is real here. */
async function fillDisk(): Promise<void> {
  await db.execute(sql`create function refuse_for_want_of_room() returns trigger language plpgsql
    as $$ begin raise exception using errcode = 'disk_full', message = 'No space left'; end $$`);
  await db.execute(sql`create trigger full_disk before insert on run_events
    execute function refuse_for_want_of_room()`);
}
