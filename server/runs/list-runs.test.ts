import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import { insertRepository, insertRun, insertSession, insertWorkflow } from "@/db/testing-rows";
import type { Actor } from "@/server/domain/actor";
import type { RunSummary } from "@/server/domain/run-view";
import { countRuns } from "./count-runs";
import { type ListRunsInput, listRuns } from "./list-runs";

const viewer: Actor = { kind: "member", id: "m2", name: "Bob", role: "viewer" };
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const list = (input: ListRunsInput = {}) => listRuns(database.db, input, viewer);
const idsOf = (page: { items: RunSummary[] }) => page.items.map((run) => run.id);

test("pages through every run once, newest first, also where many share a millisecond", async () => {
  const repository = await insertRepository(database.db, { name: "paged" });
  const workflow = await insertWorkflow(database.db);
  const at = new Date("2026-01-02T03:04:05.678Z");
  const made: string[] = [];
  for (let index = 0; index < 7; index++) {
    const { run } = await insertRun(database.db, {
      session: { repositoryId: repository.id },
      workflow,
      createdAt: index < 5 ? at : new Date(at.getTime() + index),
    });
    made.push(run.id);
  }
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof list>> = await list({
      repository: "paged",
      limit: 2,
      cursor,
    });
    expect(page.items.length).toBeLessThanOrEqual(2);
    seen.push(...idsOf(page));
    cursor = page.nextCursor;
  } while (cursor);
  expect(seen.slice(0, 2)).toEqual([made[6], made[5]]);
  expect([...seen].sort()).toEqual([...made].sort());
});

test("keeps only runs that meet every filter", async () => {
  const repository = await insertRepository(database.db, { name: "filtered" });
  const workflow = await insertWorkflow(database.db, { name: "filtered-workflow" });
  const inSession = await insertSession(database.db, { repositoryId: repository.id });
  const done = await insertRun(database.db, { in: inSession, workflow, status: "succeeded" });
  const waits = await insertRun(database.db, {
    in: inSession,
    message: "Paint 100% of the\n  fence_posts green",
    createdBy: "token:nightly",
    branch: "colour/green",
  });
  const one = (input: ListRunsInput) => list({ repository: "filtered", ...input }).then(idsOf);
  expect(await one({ status: ["succeeded", "failed"] })).toEqual([done.run.id]);
  expect(await one({ workflow: "filtered-workflow" })).toEqual([done.run.id]);
  expect(await one({ createdBy: "token:nightly" })).toEqual([waits.run.id]);
  expect(await one({ q: "100% OF" })).toEqual([waits.run.id]);
  expect(await one({ q: "fence%posts" })).toEqual([]);
  expect(await one({ q: "colour/" })).toEqual([waits.run.id]);
  expect(await one({ q: `#${done.run.number}` })).toEqual([done.run.id]);
  expect(await one({ session: inSession.session.id })).toHaveLength(2);
  expect(await one({ workspace: inSession.workspace.id, status: ["queued"] })).toEqual([
    waits.run.id,
  ]);
  expect(await one({ workflow: "no-such-workflow" })).toEqual([]);
  const [summary] = (await list({ q: "fence_posts" })).items;
  expect(summary?.title).toBe("Paint 100% of the fence_posts green");
});

test("cuts the title of a long message to 200 characters", async () => {
  const { run } = await insertRun(database.db, { message: `${"🌲".repeat(300)}\nend` });
  const { items } = await list({ limit: 1 });
  expect(items[0]?.id).toBe(run.id);
  expect(items[0]?.title).toBe("🌲".repeat(200));
});

test("refuses an unknown filter, a wrong value and a cursor that it did not give out", async () => {
  const wrong = [
    { colour: "green" },
    { status: ["sleeping"] },
    { session: "not-an-id" },
    { limit: 0 },
    { limit: 201 },
    { cursor: "!!!" },
    { cursor: Buffer.from('["2026-01-01","x"]').toString("base64url") },
    { cursor: Buffer.from("[1]").toString("base64url") },
  ];
  for (const input of wrong) {
    await expect(list(input as ListRunsInput), JSON.stringify(input)).rejects.toMatchObject({
      code: "bad_input",
    });
  }
});

test("counts the runs of every status, those without runs as zero", async () => {
  const before = (await countRuns(database.db)).byStatus;
  await insertRun(database.db, { status: "cancelled" });
  const after = (await countRuns(database.db)).byStatus;
  expect(after.cancelled).toBe(before.cancelled + 1);
  expect(after.waiting).toBe(0);
});
