import { eq } from "drizzle-orm";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hostRequests } from "@/db/schema";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import { insertWorker } from "@/db/testing-rows";
import type { Actor } from "@/server/domain/actor";
import { DomainError } from "@/server/domain/errors";
import type { WorkerId } from "@/server/domain/ids";
import { askHost, hostRequestsChannel } from "./ask-host";

const actor: Actor = { kind: "member", id: "m1", name: "Ada", role: "admin" };
let database: TestDatabase;
let listener: postgres.Sql;
let workerId: WorkerId;
/** What the test's worker does with each request it hears of. */
let answer: (id: string) => Promise<void> = async () => {};

beforeAll(async () => {
  database = await createTestDatabase();
  workerId = (await insertWorker(database.db)).id;
  listener = postgres(database.url, { max: 1, onnotice: () => {} });
  await listener.listen(hostRequestsChannel, (id) => void answer(id));
});
afterAll(async () => {
  await listener.end();
  await database.drop();
});

const context = () => ({ db: database.db, actor, now: new Date() });
const ask = (within: { takeWithinSeconds?: number; answerWithinSeconds?: number } = {}) =>
  askHost(context(), {
    kind: "inspect_origin",
    input: { origin: "/srv/git" },
    workerId,
    ...within,
  });
const set = (id: string, values: Partial<typeof hostRequests.$inferInsert>) =>
  database.db.update(hostRequests).set(values).where(eq(hostRequests.id, id));

test("wakes a worker and gives back its answer", async () => {
  answer = async (id) => {
    await set(id, { status: "taken", takenAt: new Date() });
    await set(id, { status: "answered", answer: { headSha: "abc" } });
  };
  expect(await ask()).toEqual({ headSha: "abc" });
});

test("throws the very error by which the worker refused", async () => {
  const refusal = { code: "conflict", message: "It is busy.", hint: "Wait.", fields: { a: "b" } };
  answer = async (id) => {
    await set(id, { status: "refused", answer: refusal });
  };
  const error = await ask().catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(DomainError);
  expect(error).toMatchObject(refusal);
});

test("withdraws a request that nobody took, so that it is not carried out later", async () => {
  let asked = "";
  answer = async (id) => {
    asked = id;
  };
  await expect(ask({ takeWithinSeconds: 0.2 })).rejects.toMatchObject({
    code: "unavailable",
    message: expect.stringContaining("nothing was done"),
  });
  const [row] = await database.db.select().from(hostRequests).where(eq(hostRequests.id, asked));
  expect(row?.status).toBe("refused");
});

test("stops waiting for a worker that took the request and never answers", async () => {
  answer = async (id) => {
    await set(id, { status: "taken" });
  };
  await expect(ask({ takeWithinSeconds: 0.1, answerWithinSeconds: 0.4 })).rejects.toMatchObject({
    code: "unavailable",
    hint: expect.stringContaining("may still"),
  });
});

test("asks nobody when the host is away, and names it", async () => {
  const gone = await insertWorker(database.db, {
    name: "gone",
    host: "far",
    heartbeatAt: new Date(Date.now() - 60_000),
  });
  const before = (await database.db.select().from(hostRequests)).length;
  await expect(
    askHost(context(), { kind: "remove_workspace", input: {}, workerId: gone.id }),
  ).rejects.toMatchObject({
    code: "unavailable",
    message: "The worker “gone” on far is away.",
    hint: expect.stringContaining("coppice worker"),
  });
  expect((await database.db.select().from(hostRequests)).length).toBe(before);
});
