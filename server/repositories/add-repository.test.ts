import { eq } from "drizzle-orm";
import postgres from "postgres";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { auditLog, hostRequests, repositories, workers } from "@/db/schema";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import { insertRun, insertWorker } from "@/db/testing-rows";
import type { Actor } from "@/server/domain/actor";
import type { WorkerId } from "@/server/domain/ids";
import { hostRequestsChannel } from "@/server/host-requests/ask-host";
import { addRepository } from "./add-repository";
import { getRepository } from "./get-repository";
import { listRepositories } from "./list-repositories";

const actor: Actor = { kind: "member", id: "m1", name: "Ada", role: "admin" };
let database: TestDatabase;
let listener: postgres.Sql;
let workerId: WorkerId;
/** What the origin looks like to the test's worker. */
let seen: Record<string, unknown>;

beforeAll(async () => {
  database = await createTestDatabase();
  workerId = (await insertWorker(database.db, { name: "forge" })).id;
  listener = postgres(database.url, { max: 1, onnotice: () => {} });
  await listener.listen(hostRequestsChannel, async (id) => {
    await database.db
      .update(hostRequests)
      .set({ status: "answered", answer: { workerId, ...seen } })
      .where(eq(hostRequests.id, id));
  });
});
afterAll(async () => {
  await listener.end();
  await database.drop();
});
beforeEach(() => {
  seen = { defaultBranch: "main", headSha: "a".repeat(40), branches: ["main", "next"] };
});

const context = () => ({ db: database.db, actor, now: new Date() });
const add = (input: Parameters<typeof addRepository>[1]) => addRepository(context(), input);

test("registers a local path on the worker that has it, and an address for every worker", async () => {
  const local = await add({ name: "local", origin: "/srv/git/local.git" });
  expect(local).toMatchObject({ defaultBranch: "main", worker: "forge", runs: 0, lastRunAt: null });
  const remote = await add({ name: "remote", origin: "https://git.example/r.git" });
  expect(remote).toMatchObject({ worker: null, createdBy: "member:Ada" });
  const audited = await database.db.select().from(auditLog);
  expect(audited.map(({ action, target }) => `${action} ${target}`)).toEqual([
    "repository.added repository:local",
    "repository.added repository:remote",
  ]);
});

test("takes another branch as the default only if the origin has it", async () => {
  const chosen = await add({ name: "chosen", origin: "/srv/git/c.git", defaultBranch: "next" });
  expect(chosen.defaultBranch).toBe("next");
  await expect(
    add({ name: "absent", origin: "/srv/git/c.git", defaultBranch: "trunk" }),
  ).rejects.toMatchObject({
    code: "bad_input",
    fields: { defaultBranch: "There is no such branch. It has main, next." },
  });
});

test("refuses an origin without commits or without a known default branch", async () => {
  seen = { defaultBranch: "main", headSha: null, branches: [] };
  await expect(add({ name: "empty", origin: "/srv/git/e.git" })).rejects.toMatchObject({
    code: "unprocessable",
  });
  seen = { defaultBranch: null, headSha: null, branches: ["a", "b"] };
  await expect(add({ name: "headless", origin: "/srv/git/h.git" })).rejects.toMatchObject({
    code: "bad_input",
    fields: { defaultBranch: "Name one of its branches. It has a, b." },
  });
});

test("refuses a name that is taken, also when two are added at once", async () => {
  const origin = "https://git.example/t.git";
  const both = await Promise.allSettled([
    add({ name: "twin", origin }),
    add({ name: "twin", origin }),
  ]);
  expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  await expect(add({ name: "twin", origin })).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining("“twin”"),
  });
});

test("asks no worker about an address or a name that is not allowed", async () => {
  const before = (await database.db.select().from(hostRequests)).length;
  const wrong = [
    { name: "x", origin: "ext::sh -c id" },
    { name: "x", origin: "file:///etc" },
    { name: "../x", origin: "/srv/git/x.git" },
    { name: "x", origin: "/srv/git/x.git", defaultBranch: "$(id)" },
  ];
  for (const input of wrong) {
    await expect(add(input), JSON.stringify(input)).rejects.toMatchObject({ code: "bad_input" });
  }
  expect((await database.db.select().from(hostRequests)).length).toBe(before);
});

test("says that no worker is there to look", async () => {
  await database.db.update(workers).set({ stoppedAt: new Date() }).where(eq(workers.id, workerId));
  try {
    await expect(add({ name: "later", origin: "/srv/git/l.git" })).rejects.toMatchObject({
      code: "unavailable",
      message: "No worker is running.",
    });
  } finally {
    await database.db.update(workers).set({ stoppedAt: null }).where(eq(workers.id, workerId));
  }
});

test("lists repositories by name, page by page, with their runs", async () => {
  const twin = await getRepository(database.db, { name: "twin" });
  const [row] = await database.db.select().from(repositories).where(eq(repositories.name, "twin"));
  if (!row) throw new Error("the repository was added above");
  const { run } = await insertRun(database.db, { session: { repositoryId: row.id } });
  expect(await getRepository(database.db, { name: twin.id })).toMatchObject({
    runs: 1,
    lastRunAt: run.createdAt,
  });
  const first = await listRepositories(database.db, { limit: 3 });
  expect(first.items.map(({ name }) => name)).toEqual(["chosen", "local", "remote"]);
  const rest = await listRepositories(database.db, { limit: 3, cursor: first.nextCursor });
  expect(rest).toMatchObject({ items: [{ name: "twin", runs: 1 }], nextCursor: null });
  await expect(getRepository(database.db, { name: "none" })).rejects.toMatchObject({
    code: "not_found",
  });
});
