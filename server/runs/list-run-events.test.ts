import { deflateSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { commits, transcriptEntries } from "@/db/schema";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import { insertAttempt, insertRun, randomSha } from "@/db/testing-rows";
import { appendEvent } from "./append-event";
import { listAttempts } from "./list-attempts";
import { listCommits } from "./list-commits";
import { listRunEvents } from "./list-run-events";
import { listTranscript } from "./list-transcript";
import { readCommitPatch } from "./read-commit-patch";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test("gives the events after a number, in order, with the next number to ask for", async () => {
  const { db } = database;
  const { run } = await insertRun(db);
  for (const text of ["one", "two", "three"]) {
    await db.transaction((tx) =>
      appendEvent(tx, {
        runId: run.id,
        kind: "notice",
        actor: "system:test",
        data: { text },
        now: new Date(),
      }),
    );
  }
  const first = await listRunEvents(db, { id: run.id, limit: 2 });
  expect(first.items.map((event) => [event.seq, event.data.text])).toEqual([
    [1, "one"],
    [2, "two"],
  ]);
  expect(first.nextCursor).toBe("2");
  const rest = await listRunEvents(db, { id: `#${run.number}`, after: 2 });
  expect(rest.items.map((event) => event.seq)).toEqual([3]);
  expect(rest.nextCursor).toBeNull();
});

test("gives the transcript by number, with the attempt of each entry and the total", async () => {
  const { db } = database;
  const { run, attempt } = await insertRun(db, { status: "running" });
  if (!attempt) throw new Error("a running run has an attempt");
  const second = await insertAttempt(db, {
    runId: run.id,
    workerId: attempt.workerId,
    number: 2,
  });
  const entries = [attempt, attempt, second].map(({ id }, index) => ({
    runId: run.id,
    seq: index + 1,
    attemptId: id,
    at: new Date(),
    entry: { kind: "text" as const, text: `said ${index + 1}` },
  }));
  await db.insert(transcriptEntries).values(entries);
  const page = await listTranscript(db, { id: run.id, after: 1, limit: 1 });
  expect(page).toMatchObject({ total: 3, nextCursor: "2", items: [{ seq: 2, attempt: 1 }] });
  const last = await listTranscript(db, { id: run.id, after: 2 });
  expect(last).toMatchObject({ total: 3, nextCursor: null, items: [{ seq: 3, attempt: 2 }] });
  await expect(listTranscript(db, { id: run.id, limit: 501 })).rejects.toMatchObject({
    code: "bad_input",
  });
  expect((await listAttempts(db, { id: run.id })).items.map(({ number }) => number)).toEqual([
    1, 2,
  ]);
});

test("gives the commits newest first, page by page, and the stored patch of each", async () => {
  const { db } = database;
  const { run } = await insertRun(db, { status: "succeeded" });
  const shas = [randomSha(), randomSha(), randomSha()];
  const rows = shas.map((sha, position) => ({
    runId: run.id,
    sha,
    position,
    parents: [randomSha()],
    authorName: "Ada",
    authorEmail: "ada@example.org",
    message: `Change ${position}`,
    at: new Date(),
    additions: 1,
    deletions: 0,
    files: 1,
    origin: "agent" as const,
    patch: position === 0 ? null : deflateSync(`diff ${position} ünïcode`),
    isPatchCut: position === 0,
  }));
  await db.insert(commits).values(rows);
  const first = await listCommits(db, { id: run.id, limit: 2 });
  expect(first.items.map(({ sha }) => sha)).toEqual([shas[2], shas[1]]);
  expect(first.items[0]).toMatchObject({ author: { name: "Ada", email: "ada@example.org" } });
  const rest = await listCommits(db, { id: run.id, limit: 2, cursor: first.nextCursor });
  expect(rest).toMatchObject({ items: [{ sha: shas[0] }], nextCursor: null });
  const patchOf = (sha: string | undefined) => readCommitPatch(db, { id: run.id, sha: sha ?? "" });
  expect(await patchOf(shas[1])).toEqual({ patch: "diff 1 ünïcode", isPatchCut: false });
  expect(await patchOf(shas[0])).toEqual({ patch: null, isPatchCut: true });
  await expect(patchOf(randomSha())).rejects.toMatchObject({ code: "not_found" });
});
