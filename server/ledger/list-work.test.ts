import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { auditLog, commits, snapshots, workEntries, workLooks } from "@/db/schema";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import { insertRepository, insertRun, insertWorker, randomSha } from "@/db/testing-rows";
import type { Actor } from "@/server/domain/actor";
import type { RunId, Sha } from "@/server/domain/ids";
import { listCommits } from "@/server/runs/list-commits";
import { acceptLoss } from "./accept-loss";
import { countWorkAtRisk } from "./count-work-at-risk";
import { type ListWorkInput, listWork } from "./list-work";
import { recordFoundWork } from "./record-found-work";
import { recordLeftovers } from "./record-leftovers";
import { isAtRisk } from "./risk";
import { withdrawLoss } from "./withdraw-loss";

const actor: Actor = { kind: "member", id: "m1", name: "Ada", role: "operator" };
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const context = () => ({ db: database.db, actor, now: new Date() });
const list = (input: ListWorkInput = {}, now = new Date()) => listWork(database.db, input, now);
const shasOf = async (input: ListWorkInput) =>
  (await list(input)).items.map(({ sha, title }) => sha ?? title);

async function addCommits(runId: RunId, count: number, origin: "agent" | "merge" = "agent") {
  const shas = Array.from({ length: count }, randomSha);
  await database.db.insert(commits).values(
    shas.map((sha, position) => ({
      runId,
      sha,
      position,
      parents: [],
      authorName: "Ada",
      authorEmail: "ada@example.org",
      message: `Change ${position}\n\nbody`,
      at: new Date(Date.now() - 1000),
      additions: 1,
      deletions: 0,
      files: 1,
      origin,
    })),
  );
  return shas;
}

const move = async (sha: Sha | undefined, whereabouts: "merged" | "pushed" | "missing") => {
  const [entry] = await database.db
    .select()
    .from(workEntries)
    .where(eq(workEntries.sha, sha ?? ("" as Sha)));
  const mergedBy = whereabouts === "merged" ? ("history" as const) : null;
  const found = [{ id: entry?.id ?? 0, whereabouts, mergedBy, mergedAs: null }];
  await recordFoundWork(database.db, { found, now: new Date() });
  return entry?.id ?? 0;
};

test("lists each entry once over pages, newest first or by repository, whatever is added meanwhile", async () => {
  const names = ["pages-b", "pages-a"];
  const made: string[] = [];
  for (const name of names) {
    const { id } = await insertRepository(database.db, { name });
    const { run } = await insertRun(database.db, {
      status: "succeeded",
      session: { repositoryId: id },
    });
    made.push(...(await addCommits(run.id, 5)));
  }
  const read = async (input: ListWorkInput) => {
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof list>> = await list({ ...input, limit: 3, cursor });
      seen.push(...page.items.flatMap(({ sha }) => sha ?? []));
      cursor = page.nextCursor;
    } while (cursor);
    return seen;
  };
  expect(await read({})).toEqual([...made].reverse());
  const [b, a] = [made.slice(0, 5).reverse(), made.slice(5).reverse()];
  expect(await read({ group: "repository" })).toEqual([...a, ...b]);
  const first = await list({ limit: 3 });
  const { run } = await insertRun(database.db, { status: "succeeded" });
  await addCommits(run.id, 2);
  const next = await list({ limit: 3, cursor: first.nextCursor });
  expect(next.items.map(({ sha }) => sha)).toEqual([...made].reverse().slice(3, 6));
  await expect(list({ group: "repository", cursor: first.nextCursor })).rejects.toMatchObject({
    code: "bad_input",
  });
});

test("finds work by each filter", async () => {
  const repository = await insertRepository(database.db, { name: "filtered" });
  const mine = { repository: "filtered" };
  const { run, session, workflow } = await insertRun(database.db, {
    status: "succeeded",
    session: { repositoryId: repository.id },
  });
  const [only, pushed] = await addCommits(run.id, 2);
  const other = await insertRun(database.db, {
    status: "succeeded",
    session: { repositoryId: repository.id },
  });
  const [merge] = await addCommits(other.run.id, 1, "merge");
  const snapshot = randomSha();
  await database.db.insert(snapshots).values({
    runId: other.run.id,
    number: 1,
    sha: snapshot,
    ref: `refs/coppice/snapshots/${other.run.id}/1`,
    leftOut: [{ path: "data/big_1%.bin", why: "larger than 50 MB" }],
    at: new Date(),
  });
  await move(pushed, "pushed");
  const leftover = "data/big_1%.bin";
  expect(await shasOf(mine)).toEqual([leftover, snapshot, merge, pushed, only]);
  expect(await shasOf({ ...mine, atRisk: true })).toEqual([leftover, snapshot, merge, only]);
  expect(await shasOf({ ...mine, whereabouts: ["pushed"] })).toEqual([pushed]);
  expect(await shasOf({ ...mine, whereabouts: ["in_keep_ref", "in_workspace"] })).toEqual([
    leftover,
    snapshot,
  ]);
  expect(await shasOf({ ...mine, origin: ["leftover", "merge"] })).toEqual([leftover, merge]);
  expect(await shasOf({ run: run.id })).toEqual([pushed, only]);
  expect(await shasOf({ run: `#${run.number}` })).toEqual([pushed, only]);
  expect(await shasOf({ session: session.id })).toEqual([pushed, only]);
  expect(await shasOf({ workflow: workflow.workflow.name })).toEqual([pushed, only]);
  expect(await shasOf({ q: only?.slice(0, 9).toUpperCase() })).toEqual([only]);
  expect(await shasOf({ ...mine, q: "big_1%" })).toEqual([leftover]);
  expect(await shasOf({ ...mine, q: "bigx1" })).toEqual([]);
  expect(await shasOf({ ...mine, minAgeHours: 1 })).toEqual([]);
  expect(
    (await list({ ...mine, minAgeHours: 1 }, new Date(Date.now() + 7_200_000))).items,
  ).toHaveLength(5);
  expect(await shasOf({ repository: "nobody's" })).toEqual([]);
  await expect(list({ run: "#999999" })).rejects.toMatchObject({ code: "not_found" });
});

test("counts work at risk until it is safe or let go, and again when that is taken back", async () => {
  const before = await countWorkAtRisk(database.db);
  const { run } = await insertRun(database.db, { status: "succeeded" });
  const [one, two, three] = await addCommits(run.id, 3);
  await recordLeftovers(database.db, {
    runId: run.id,
    leftovers: [
      { reason: "left_out", path: "a", why: "too large" },
      { reason: "ignored", path: "What git ignores", why: "3 files" },
    ],
    now: new Date(),
  });
  const since = async () => {
    const now = await countWorkAtRisk(database.db);
    return [
      now.atRisk - before.atRisk,
      now.onlyHere - before.onlyHere,
      now.missing - before.missing,
    ];
  };
  expect(await since()).toEqual([4, 3, 0]);
  await move(one, "merged");
  const missing = await move(two, "missing");
  expect(await since()).toEqual([3, 1, 1]);
  const [entry] = (await list({ q: three })).items;
  const ids = [entry?.id ?? 0, missing];
  expect(await acceptLoss(context(), { ids, why: " An experiment. " })).toEqual({
    changed: [...ids].sort((x, y) => x - y),
  });
  expect(await acceptLoss(context(), { ids, why: "again" })).toEqual({ changed: [] });
  expect(await since()).toEqual([1, 0, 0]);
  expect((await list({ q: three })).items[0]).toMatchObject({
    isAtRisk: false,
    letGo: { by: "member:Ada", why: "An experiment." },
  });
  expect(await withdrawLoss(context(), { ids })).toEqual({
    changed: [...ids].sort((x, y) => x - y),
  });
  expect(await since()).toEqual([3, 1, 1]);
  const audited = await database.db.select().from(auditLog).orderBy(auditLog.id);
  expect(audited.map(({ action, facts }) => [action, facts.why])).toEqual([
    ["work.let_go", "An experiment."],
    ["work.taken_back", undefined],
  ]);
});

test("lets nothing go that is safe, unknown or without a reason, and takes nothing back that is gone", async () => {
  const { run } = await insertRun(database.db, { status: "succeeded" });
  const [safe, risky] = await addCommits(run.id, 2);
  const safeId = await move(safe, "pushed");
  expect(await acceptLoss(context(), { ids: [safeId], why: "x" })).toEqual({ changed: [] });
  const [entry] = (await list({ q: risky })).items;
  const id = entry?.id ?? 0;
  await expect(acceptLoss(context(), { ids: [id], why: " " })).rejects.toMatchObject({
    code: "bad_input",
  });
  await expect(acceptLoss(context(), { ids: [id, 999_999_999], why: "x" })).rejects.toMatchObject({
    code: "not_found",
  });
  expect((await list({ q: risky })).items[0]?.letGo).toBeNull();
  const gone = [{ id, whereabouts: "gone" as const, mergedBy: null, mergedAs: null }];
  await recordFoundWork(database.db, { found: gone, now: new Date() });
  expect((await list({ q: risky })).items[0]?.whereabouts).toBe("only_here");
  await acceptLoss(context(), { ids: [id], why: "x" });
  await recordFoundWork(database.db, { found: gone, now: new Date() });
  expect((await list({ q: risky })).items[0]?.whereabouts).toBe("gone");
  await expect(withdrawLoss(context(), { ids: [id] })).rejects.toMatchObject({ code: "conflict" });
});

test("says as of when a commit is where it is, and since when nobody knows", async () => {
  const worker = await insertWorker(database.db);
  const { run } = await insertRun(database.db, { status: "succeeded", workerId: worker.id });
  const [sha] = await addCommits(run.id, 1);
  const commitOf = async (now = new Date()) =>
    (await listCommits(database.db, { id: run.id }, now)).items[0];
  expect(await commitOf()).toMatchObject({
    sha,
    whereabouts: "only_here",
    asOf: null,
    unknownSince: null,
  });
  await move(sha, "pushed");
  const seen = new Date("2026-01-01T00:00:00Z");
  const look = { repositoryId: run.repositoryId, workerId: worker.id, triedAt: seen };
  await database.db
    .insert(workLooks)
    .values({ ...look, lookedAt: seen, originSeenAt: seen, unknownSince: null });
  expect(await commitOf()).toMatchObject({ whereabouts: "pushed", asOf: seen, unknownSince: null });
  const later = new Date(Date.now() + 3_600_000);
  expect(await commitOf(later)).toMatchObject({ asOf: seen, unknownSince: seen });
  const failedAt = new Date("2026-02-02T00:00:00Z");
  await database.db.update(workLooks).set({ unknownSince: failedAt, problem: "away" });
  expect(await commitOf()).toMatchObject({ asOf: seen, unknownSince: failedAt });
});

test("keeps the entries of an earlier attempt when the next one lays the history anew", async () => {
  const { run } = await insertRun(database.db, { status: "running" });
  const [kept] = await addCommits(run.id, 1);
  await database.db.delete(commits).where(eq(commits.runId, run.id));
  const [fresh] = await addCommits(run.id, 1);
  expect(await shasOf({ run: run.id })).toEqual([fresh, kept]);
});

test("counts by the index of what is at risk, however much is not", async () => {
  const { run } = await insertRun(database.db, { status: "succeeded" });
  await database.db.execute(sql`
    insert into work_entries (repository_id, run_id, sha, origin, title, at, whereabouts, merged_by)
    select ${run.repositoryId}, ${run.id}, md5(n::text) || '00000000', 'agent', 'bulk', now(), 'merged', 'history'
    from generate_series(1, 60000) n`);
  await database.db.execute(sql`
    insert into work_entries (repository_id, run_id, sha, origin, title, at, whereabouts)
    select ${run.repositoryId}, ${run.id}, md5(n::text) || '11111111', 'agent', 'bulk', now(), 'only_here'
    from generate_series(1, 10050) n`);
  await database.db.execute(sql`vacuum analyze work_entries`);
  expect(await countWorkAtRisk(database.db)).toMatchObject({ atRisk: 10_000, isCut: true });
  const { rows } = await database.db.execute<{ "QUERY PLAN": string }>(sql`explain
    select e.whereabouts from work_entries e where ${isAtRisk} order by e.id desc limit ${10_001}`);
  const counting = rows.map((row) => row["QUERY PLAN"]).join("\n");
  expect(counting).toContain("work_entries_at_risk");
  expect(counting).not.toContain("Sort");
});
