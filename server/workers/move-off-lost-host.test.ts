import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { attempts, commits, leftWorkspaces, runs, workspaces } from "@/db/schema";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import {
  insertRepository,
  insertRun,
  insertSession,
  insertWorker,
  randomSha,
} from "@/db/testing-rows";
import type { Actor } from "@/server/domain/actor";
import { closeProducerOf, producerOf } from "@/server/jobs/jobs";
import { createRunQueues } from "@/server/jobs/queues";
import { declareHostLost } from "./declare-host-lost";

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
async function insertSilent() {
  const worker = await insertWorker(database.db, { heartbeatAt: new Date(Date.now() - 3.6e6) });
  await createRunQueues((await producerOf(database.db)).boss, worker.name);
  return worker;
}
const insertRemote = () => insertRepository(database.db, { origin: "https://example.com/a.git" });
const declare = (name: string) => declareHostLost(context(), { name, reason: "gone for good" });
const readRun = async (id: typeof runs.$inferSelect.id) =>
  (await database.db.select().from(runs).where(eq(runs.id, id)))[0];

test("queues a held run for anybody, under a fence that its old worker does not know", async () => {
  const worker = await insertSilent();
  const session = { repositoryId: (await insertRemote()).id };
  const { run, attempt, workspace } = await insertRun(database.db, {
    ...{ status: "running", workerId: worker.id, session },
  });
  expect(await declare(worker.name)).toEqual({ moved: 1, waiting: 0, ended: 0 });
  expect(await readRun(run.id)).toMatchObject({
    ...{ status: "queued", workerId: null, fence: run.fence + 1, attemptsSpent: 1 },
    ...{ jobQueue: "run", waitReason: "retry_delay", baseCommit: run.baseCommit },
  });
  const [ended] = await database.db
    .select()
    .from(attempts)
    .where(eq(attempts.id, attempt?.id as never));
  expect(ended).toMatchObject({ endReason: "host_lost" });
  const [moved] = await database.db
    .select()
    .from(workspaces)
    .where(eq(workspaces.id, workspace.id));
  expect(moved).toMatchObject({ workerId: null, path: null, state: "planned" });
  const [left] = await database.db
    .select()
    .from(leftWorkspaces)
    .where(eq(leftWorkspaces.runId, run.id));
  expect(left).toMatchObject({ attemptId: attempt?.id, path: workspace.path, settledAt: null });
});

test("ends a run that has been tried often enough", async () => {
  const worker = await insertSilent();
  const session = { repositoryId: (await insertRemote()).id };
  const { run } = await insertRun(database.db, {
    ...{ status: "finishing", workerId: worker.id, session, attemptsSpent: 2 },
  });
  expect(await declare(worker.name)).toEqual({ moved: 0, waiting: 0, ended: 1 });
  expect(await readRun(run.id)).toMatchObject({ status: "failed", endReason: "host_lost" });
});

test("keeps a persistent workspace where it is while one of its runs needs what lies there", async () => {
  const { db } = database;
  const worker = await insertSilent();
  const repositoryId = (await insertRemote()).id;
  const workspace = { kind: "persistent" as const, name: "builder", sessionId: null };
  const first = await insertSession(db, { repositoryId, workspace });
  const head = randomSha();
  const earlier = await insertRun(db, {
    ...{ in: first, status: "succeeded", workerId: worker.id, headCommit: head },
  });
  await db.insert(commits).values({
    ...{ runId: earlier.run.id, sha: head, position: 0, parents: [], message: "m" },
    ...{ authorName: "a", authorEmail: "a@b.c", at: new Date(), files: 1 },
    ...{ additions: 1, deletions: 0, origin: "agent" },
  });
  const needsIt = await insertRun(db, { in: { ...first, workspace: earlier.workspace } });
  const held = await insertRun(db, {
    in: {
      ...(await insertSession(db, { repositoryId, session: { workspaceId: first.workspace.id } })),
      workspace: earlier.workspace,
    },
    ...{ status: "running", workerId: worker.id, workspaceKind: "persistent" },
  });
  expect(await declare(worker.name)).toEqual({ moved: 0, waiting: 2, ended: 0 });
  const rows = [await readRun(needsIt.run.id), await readRun(held.run.id)];
  expect(rows).toMatchObject([
    { status: "queued", waitReason: "host_lost", jobQueue: `run/${worker.name}` },
    { status: "queued", waitReason: "host_lost", jobQueue: `run/${worker.name}` },
  ]);
});
