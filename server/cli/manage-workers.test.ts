import type { Server } from "node:http";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { recoveryEntries, recoveryReports, workers } from "@/db/schema";
import { insertRepository, insertRun, insertWorker } from "@/db/testing-rows";
import { answerRest } from "@/server/api/rest/answer-rest";
import { openTestDoor, type TestDoor } from "@/server/api/testing";
import { callCli, serve, stop } from "./testing";

let web: TestDoor;
let server: Server;
let url: string;
beforeAll(async () => {
  web = await openTestDoor();
  ({ server, url } = await serve((request) =>
    answerRest(web.door, request, new URL(request.url).pathname.slice("/api/v1".length)),
  ));
});
afterAll(async () => {
  await stop(server);
  await web.database.drop();
});

const call = (args: string[], token = web.tokens.admin) => callCli(args, { url, token });
const callJson = async (args: string[]) => JSON.parse((await call([...args, "--json"])).out);

test("drains a worker, lets it take runs again, and sets how many it carries", async () => {
  const { name } = await insertWorker(web.database.db, { name: "build-1", slots: 4 });
  await insertRun(web.database.db, {
    status: "running",
    workerId: (await callJson(["workers"])).items[0].id,
  });
  expect((await call(["workers"])).out).toMatch(/^WORKER +STATE[^\n]+\nbuild-1 +live .*1\/4/);
  const drained = await call(["workers", "drain", name, "--reason", "an upgrade"]);
  expect(drained.out).toBe("build-1 is draining; 1 of its runs go on.\n");
  const [worker] = (await callJson(["workers"])).items;
  expect(worker.drain).toMatchObject({ reason: "an upgrade" });
  expect((await call(["workers", "undrain", name])).out).toContain("takes runs again");
  expect(await callJson(["workers", "capacity", name, "9"])).toMatchObject({ slots: 9 });
  expect(await callJson(["workers", "capacity", name, "default"])).toMatchObject({ slots: 4 });
  expect((await call(["workers", "capacity", name, "many"])).exitCode).toBe(64);
  expect((await call(["workers", "drain", "nobody"])).complaints).toContain("no worker");
});

test("declares a host lost with a reason only, and only by an admin", async () => {
  const { name } = await insertWorker(web.database.db, { name: "build-2" });
  expect((await call(["workers", "lost", name])).exitCode).toBe(64);
  expect((await call(["workers", "lost", name, "--reason", "flood"])).complaints).toMatch(/alive/);
  await web.database.db
    .update(workers)
    .set({ heartbeatAt: sql`now() - interval '1 hour'` })
    .where(eq(workers.name, name));
  const byOperator = await call(
    ["workers", "lost", name, "--reason", "flood"],
    web.tokens.operator,
  );
  expect(byOperator.complaints).toMatch(/needs the role “admin”/);
  const lost = await call(["workers", "lost", name, "--reason", "flood"]);
  expect(lost.out).toBe(
    "test-host is declared lost: 0 runs queued for other hosts, 0 wait for it, 0 ended.\n",
  );
  expect((await call(["workers", "waiting", name])).out).toBe("No run waits for it.\n");
});

test("tells what a worker found at its start", async () => {
  const { db } = web.database;
  const worker = await insertWorker(db, { name: "build-3" });
  const { run } = await insertRun(db, { status: "running", workerId: worker.id });
  const [report] = await db
    .insert(recoveryReports)
    .values({ workerId: worker.id, startedAt: new Date(), before: "vanished", waiting: 2 })
    .returning();
  await db.insert(recoveryEntries).values({
    ...{ reportId: report?.id ?? "", runId: run.id, attempt: 1, outcome: "queued_again" },
    ...{ sentence: "Nothing of it lived.", workKept: "refs/coppice/keep/x", at: new Date() },
  });
  const { out } = await call(["workers", "reports", "build-3"]);
  expect(out).toContain("build-3 started");
  expect(out).toContain(
    `#${run.number}  queued again  Nothing of it lived. Kept: refs/coppice/keep/x`,
  );
  expect((await call(["workers", "reports", "build-1"])).out).toBe("No worker has started yet.\n");
});

test("turns the keeping of work at an origin on and off", async () => {
  const { name } = await insertRepository(web.database.db);
  expect(await callJson(["repo", "keep-at-origin", name, "on"])).toMatchObject({
    keptAtOriginSince: expect.any(String),
  });
  expect(await callJson(["repo", "keep-at-origin", name, "off"])).toMatchObject({
    keptAtOriginSince: null,
  });
  expect((await call(["repo", "keep-at-origin", name, "perhaps"])).exitCode).toBe(64);
});
