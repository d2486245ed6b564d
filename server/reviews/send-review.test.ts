import { eq } from "drizzle-orm";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { auditLog, hostRequests, reviewComments, reviews, runs } from "@/db/schema";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import { insertRun, insertWorker, randomSha } from "@/db/testing-rows";
import type { Actor } from "@/server/domain/actor";
import type { RunId, Sha, WorkerId } from "@/server/domain/ids";
import { hostRequestsChannel } from "@/server/host-requests/ask-host";
import { closeProducerOf, producerOf } from "@/server/jobs/jobs";
import { diffRun } from "@/server/runs/diff-run";
import { addComment } from "./add-comment";
import { discardComments } from "./discard-comments";
import { editComment } from "./edit-comment";
import { judgeComments } from "./judge-comments";
import { readReviewView } from "./read-review-view";
import { removeComment } from "./remove-comment";
import { sendReview } from "./send-review";

const actor: Actor = { kind: "member", id: "m1", name: "Ada", role: "operator" };
let database: TestDatabase;
let listener: postgres.Sql;
let workerId: WorkerId;
const asked: Record<string, unknown>[] = [];

const patch = "diff --git a/a.ts b/a.ts\n--- a/a.ts\n+++ b/a.ts\n@@ -3 +3 @@\n-let a;\n+let b;\n";
const answer = {
  ...{ patch, isCut: false, files: 1, additions: 1, deletions: 1 },
  changes: [
    {
      ...{ path: "a.ts", previousPath: null, kind: "modified", isBinary: false },
      ...{ additions: 1, deletions: 1, oldObject: "1", newObject: "2" },
      ...{ oldMode: "100644", newMode: "100644", bytes: 1, isHuge: false },
    },
  ],
};

beforeAll(async () => {
  database = await createTestDatabase();
  const shell = { kind: "shell", program: "/bin/bash", version: null, problem: null } as const;
  const agents = [{ ...shell, howToInstall: "" }];
  const facts = { version: "1", isolation: "none" as const, isolationWhy: "test", agents };
  const worker = await insertWorker(database.db, { facts });
  workerId = worker.id;
  const jobs = await producerOf(database.db);
  await jobs.boss.createQueue(`run/${worker.name}`);
  listener = postgres(database.url, { max: 1, onnotice: () => {} });
  // Answers as a worker would; the real git is asked where it lives.
  await listener.listen(hostRequestsChannel, async (id) => {
    const [request] = await database.db.select().from(hostRequests).where(eq(hostRequests.id, id));
    asked.push(request?.input ?? {});
    await database.db
      .update(hostRequests)
      .set({ status: "answered", answer })
      .where(eq(hostRequests.id, id));
  });
});
afterAll(async () => {
  await listener.end();
  await closeProducerOf(database.db);
  await database.drop();
});

const context = () => ({ db: database.db, actor, now: new Date() });
const view = (runId: RunId) => readReviewView(database.db, runId, actor);

async function endedRun() {
  const headCommit = randomSha();
  const { run } = await insertRun(database.db, { status: "succeeded", workerId, headCommit });
  const comment = (line: number, body: string) =>
    addComment(context(), {
      ...{ runId: run.id, fromCommit: run.baseCommit as Sha, toCommit: headCommit },
      ...{ path: "a.ts", line, quote: "let a;", body },
    });
  return { run, comment };
}

async function failureOf(promise: Promise<unknown>) {
  return promise.then(
    () => "passed",
    (error) => error.code,
  );
}

test("keeps comments until they are sent, to be edited and taken back", async () => {
  const { run, comment } = await endedRun();
  const one = await comment(3, "first");
  const two = await comment(1, "second");
  expect(await failureOf(comment(0, "x"))).toBe("bad_input");
  expect(await failureOf(comment(2, "  "))).toBe("bad_input");
  await editComment(context(), { commentId: one.id as never, body: "better" });
  const { comments, way } = await view(run.id);
  expect(comments.map(({ body, by }) => [body, by])).toEqual([
    ["second", "member:Ada"],
    ["better", "member:Ada"],
  ]);
  expect(way).toBe("next_run");
  await removeComment(context(), { commentId: two.id as never });
  expect(await failureOf(removeComment(context(), { commentId: two.id as never }))).toBe(
    "not_found",
  );
  expect((await discardComments(context(), { runId: run.id })).comments).toEqual([]);
  expect(await failureOf(sendReview(context(), { runId: run.id, note: " " }))).toBe("bad_input");
  const actions = await database.db
    .select({ action: auditLog.action })
    .from(auditLog)
    .where(eq(auditLog.target, `run:${run.id}`));
  expect(actions.map(({ action }) => action)).toEqual([
    ...["review.comment_added", "review.comment_added", "review.comment_edited"],
    ...["review.comment_removed", "review.discarded"],
  ]);
});

test("sends all comments as one message to the session's next run, once", async () => {
  const { run, comment } = await endedRun();
  const one = await comment(3, "Rename it.");
  await comment(9, "And this?");
  const sent = await sendReview(context(), { runId: run.id, note: "Well done." });
  expect(sent.comments.map(({ reviewId }) => reviewId)).toEqual([
    sent.reviews[0]?.id,
    sent.reviews[0]?.id,
  ]);
  const inSession = await database.db.select().from(runs).where(eq(runs.sessionId, run.sessionId));
  const next = inSession.find(({ id }) => id !== run.id);
  expect(inSession).toHaveLength(2);
  expect(sent.reviews[0]?.run).toMatchObject({ id: next?.id, status: "queued" });
  expect(next?.message).toMatch(/^Well done\.[\s\S]*Rename it\.[\s\S]*And this\?$/);
  const edit = editComment(context(), { commentId: one.id as never, body: "late" });
  expect(await failureOf(edit)).toBe("conflict");

  // A crash after the run was started, before that was recorded: the next call finds the same run.
  await database.db
    .update(reviews)
    .set({ sentAt: null, sentRunId: null })
    .where(eq(reviews.runId, run.id));
  expect((await view(run.id)).reviews[0]).toMatchObject({ sentAt: null, run: null });
  const again = await sendReview(context(), { runId: run.id });
  expect(again.reviews).toHaveLength(1);
  expect(again.reviews[0]?.run?.id).toBe(next?.id);
  const after = await database.db.select().from(runs).where(eq(runs.sessionId, run.sessionId));
  expect(after).toHaveLength(2);
});

test("keeps the comments where the review is refused", async () => {
  const { run } = await insertRun(database.db, { status: "running", workerId });
  await addComment(context(), {
    ...{ runId: run.id, fromCommit: randomSha(), toCommit: randomSha(), path: "a.ts", line: 1 },
    body: "x",
  });
  expect((await view(run.id)).way).toBeNull();
  expect(await failureOf(sendReview(context(), { runId: run.id }))).toBe("conflict");
  const { comments, reviews: left } = await view(run.id);
  expect(comments).toMatchObject([{ reviewId: null, body: "x" }]);
  expect(left).toEqual([]);
});

test("finds out once which lines the next run changed", async () => {
  const { run, comment } = await endedRun();
  await comment(3, "changed");
  await comment(40, "left");
  await sendReview(context(), { runId: run.id });
  expect((await judgeComments(context(), { runId: run.id })).comments[0]?.isTouched).toBeNull();

  // The next run ended with other work.
  const told = await insertRun(database.db, {
    ...{ status: "succeeded", workerId, headCommit: randomSha() },
  });
  await database.db
    .update(reviews)
    .set({ sentRunId: told.run.id })
    .where(eq(reviews.runId, run.id));
  asked.length = 0;
  const judged = await judgeComments(context(), { runId: run.id });
  expect(judged.comments.map(({ isTouched }) => isTouched)).toEqual([true, false]);
  expect(asked).toEqual([{ runId: told.run.id, from: run.headCommit, to: told.run.headCommit }]);
  expect((await judgeComments(context(), { runId: run.id })).comments).toEqual(judged.comments);
  expect(asked).toHaveLength(1);
  const rows = await database.db
    .select({ judgedAt: reviewComments.judgedAt })
    .from(reviewComments)
    .where(eq(reviewComments.runId, run.id));
  expect(rows.every(({ judgedAt }) => judgedAt !== null)).toBe(true);
});

test("compares only commits that are the run's", async () => {
  const { run } = await endedRun();
  const base = run.baseCommit as Sha;
  asked.length = 0;
  const swapped = { id: run.id, from: run.headCommit, to: base, whitespace: "ignore" } as const;
  expect(await diffRun(context(), swapped)).toMatchObject({ from: run.headCommit, to: base });
  expect(asked).toMatchObject([{ from: run.headCommit, to: base, isSpaceIgnored: true }]);
  expect(await failureOf(diffRun(context(), { id: run.id, to: randomSha() }))).toBe("bad_input");
  const { run: early } = await insertRun(database.db, { status: "running", workerId });
  expect(await diffRun(context(), { id: early.id })).toMatchObject({ files: 0, to: null });
});
