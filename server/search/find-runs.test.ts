import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { attempts, commits, snapshots } from "@/db/schema";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import { insertRun, insertSession, insertWorker, randomSha } from "@/db/testing-rows";
import { nativeSessionIdSchema } from "@/server/domain/ids";
import { findRuns } from "./find-runs";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const find = async (q: string) => {
  const { items } = await findRuns(database.db, { q });
  return items.map(({ matched, run }) => `${matched} #${run.number}`);
};

test("finds a run by every id that belongs to it", async () => {
  const { run, session, workspace, agentSession, attempt } = await insertRun(database.db, {
    status: "succeeded",
  });
  expect(await find(run.id)).toEqual([`run id #${run.number}`]);
  expect(await find(run.id.toUpperCase())).toEqual([`run id #${run.number}`]);
  expect(await find(` ${session.id} `)).toEqual([`session id #${run.number}`]);
  expect(await find(workspace.id)).toEqual([`workspace id #${run.number}`]);
  expect(await find(agentSession.id)).toEqual([`agent session #${run.number}`]);
  expect(await find(agentSession.nativeId ?? "")).toEqual([`agent session id #${run.number}`]);
  expect(await find(attempt?.id ?? "")).toEqual([`attempt id #${run.number}`]);
  expect(await find(run.id.slice(0, 8))).toContain(`run id #${run.number}`);
  expect(await find(session.id.slice(0, 13))).toContain(`session id #${run.number}`);
});

test("finds a run by the native id of an agent that does not use UUIDs", async () => {
  const nativeId = nativeSessionIdSchema.parse("ses_4f2kq9");
  const { run } = await insertRun(database.db, {
    session: { agentSession: { agent: "acp", nativeId } },
  });
  expect(await find("ses_4f2kq9")).toEqual([`agent session id #${run.number}`]);
});

test("finds a run by the beginning of its base, head, commits and snapshots", async () => {
  const { db } = database;
  const [head, middle, snapshot] = [randomSha(), randomSha(), randomSha()];
  const { run } = await insertRun(db, { status: "failed", headCommit: head });
  await db.insert(commits).values({
    runId: run.id,
    sha: middle,
    position: 0,
    parents: [],
    authorName: "a",
    authorEmail: "a@b.c",
    message: "m",
    at: new Date(),
    additions: 0,
    deletions: 0,
    files: 0,
    origin: "agent",
  });
  await db.insert(snapshots).values({
    runId: run.id,
    number: 1,
    sha: snapshot,
    ref: "refs/coppice/snapshots/x",
    leftOut: [],
    at: new Date(),
  });
  expect(await find(head.slice(0, 7))).toEqual([`head commit #${run.number}`]);
  expect(await find(middle.toUpperCase())).toEqual([`commit #${run.number}`]);
  expect(await find(snapshot.slice(0, 12))).toEqual([`snapshot #${run.number}`]);
  expect(await find(run.baseCommit ?? "")).toEqual([`base commit #${run.number}`]);
  expect(await find(head.slice(0, 6))).toEqual([]);
});

test("finds runs by branch and by path, exact before what begins so", async () => {
  const placed = async (branch: string, path: string) => {
    const worker = await insertWorker(database.db);
    const { run } = await insertRun(database.db, {
      status: "succeeded",
      session: {
        session: { branch },
        workspace: { state: "ready", workerId: worker.id, path },
      },
      branch,
      workspacePath: path,
    });
    return run.number;
  };
  const exact = await placed("coppice/paint/7", "/srv/w/paint/abc");
  const longer = await placed("coppice/paint/77", "/srv/w/paint/abcd");
  expect(await find("coppice/paint/7")).toEqual([`branch #${exact}`, `branch #${longer}`]);
  expect(await find("coppice/paint/77")).toEqual([`branch #${longer}`]);
  expect(await find("coppice/paint")).toEqual([`branch #${longer}`, `branch #${exact}`]);
  expect(await find("/srv/w/paint/abc/")).toEqual([`path #${exact}`, `path #${longer}`]);
  expect(await find("/srv/w/pai")).toHaveLength(2);
  expect(await find("/srv/w/paint/abc/src/main.ts")).toEqual([`path #${exact}`]);
  expect(await find("/srv/w/paint/abcde")).toEqual([]);
  expect(await find("coppice%")).toEqual([]);
});

test("takes a number for the run's number first, then for a pid, live runs before ended ones", async () => {
  const { db } = database;
  const hadPid = async (createdAt: Date) => {
    const { run } = await insertRun(db, { status: "failed", createdAt });
    await db.update(attempts).set({ pid: 31337 }).where(eq(attempts.runId, run.id));
    return run.number;
  };
  const earlier = await hadPid(new Date(Date.now() - 60_000));
  const live = await insertRun(db, { status: "running", pid: 31337 });
  const later = await hadPid(new Date(Date.now() + 60_000));
  const found = await find("31337");
  expect(found).toEqual([`pid #${live.run.number}`, `pid #${later}`, `pid #${earlier}`]);
  expect(await find("#31337")).toEqual([]);
  expect(await find(`#${live.run.number}`)).toEqual([`number #${live.run.number}`]);
  expect(await find("99999999999")).toEqual([]);
});

test("names at most twenty runs, the live one first, each once", async () => {
  const inSession = await insertSession(database.db);
  const live = await insertRun(database.db, {
    in: inSession,
    status: "running",
    createdAt: new Date("2020-01-01"),
  });
  for (let index = 0; index < 22; index++) {
    await insertRun(database.db, { in: inSession, status: "succeeded" });
  }
  const found = await find(inSession.session.id);
  expect(found[0]).toBe(`session id #${live.run.number}`);
  expect(new Set(found).size).toBe(20);
});

test("finds nothing for words, odd characters and an empty text", async () => {
  for (const q of ["", "   ", "hello world", "'; drop table runs; --", "%", "#"]) {
    expect(await find(q), JSON.stringify(q)).toEqual([]);
  }
  await expect(find("a\u0000b")).rejects.toMatchObject({ code: "bad_input" });
});
