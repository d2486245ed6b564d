import { randomUUID } from "node:crypto";
import { desc, eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { auditLog, messages, questions, runs } from "@/db/schema";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import { insertRun, type RunParts } from "@/db/testing-rows";
import type { Actor } from "@/server/domain/actor";
import { nextMessageTool } from "@/server/domain/conversation";
import { questionIdSchema, type RunId } from "@/server/domain/ids";
import type { RunStatus } from "@/server/domain/run-status";
import { closeProducerOf } from "@/server/jobs/jobs";
import { cancelRun } from "@/server/runs/cancel-run";
import { listRunEvents } from "@/server/runs/list-run-events";
import { moveRun } from "@/server/runs/move-run";
import { answerQuestion } from "./answer-question";
import { editMessage } from "./edit-message";
import { interruptRun } from "./interrupt-run";
import { listWaiting } from "./list-waiting";
import { readConversation } from "./read-conversation";
import { steerRun } from "./steer-run";
import { withdrawMessage } from "./withdraw-message";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await closeProducerOf(database.db);
  await database.drop();
});

const ada: Actor = { kind: "member", id: "ada", name: "Ada", role: "operator" };
const context = () => ({ db: database.db, actor: ada, now: new Date() });

async function makeRun(status: RunStatus, more: RunParts = {}) {
  const { run, attempt } = await insertRun(database.db, { agent: "claude-code", status, ...more });
  return { runId: run.id, attemptId: attempt?.id ?? null };
}

/** As a worker records what an agent asks. */
async function ask(
  { runId, attemptId }: Awaited<ReturnType<typeof makeRun>>,
  more: Partial<typeof questions.$inferInsert> = {},
) {
  if (!attemptId) throw new Error("no attempt");
  const id = questionIdSchema.parse(randomUUID());
  await database.db.insert(questions).values({
    ...{ id, runId, attemptId, nativeId: id, tool: "Bash", input: { command: "make" } },
    deadlineAt: new Date(Date.now() + 60_000),
    ...more,
  });
  return id;
}

const statusOf = async (runId: RunId) =>
  (await database.db.select().from(runs).where(eq(runs.id, runId)))[0]?.status;

const eventsOf = async (runId: RunId) =>
  (await listRunEvents(database.db, { id: runId })).items.map(({ kind, actor, data }) => ({
    ...{ kind, actor },
    ...data,
  }));

const auditOf = async () =>
  (await database.db.select().from(auditLog).orderBy(desc(auditLog.id)).limit(1))[0];

function move(runId: RunId, to: RunStatus) {
  return database.db.transaction((tx) =>
    moveRun(tx, { runId, to, fence: null, set: {}, actor: "worker:w", now: new Date() }),
  );
}

describe("a message to an agent", () => {
  it.each(["queued", "preparing", "running", "waiting"] as const)(
    "is queued for a run that is %s, once for each key, and told and audited",
    async (status) => {
      const { runId } = await makeRun(status);
      const wish = { runId, text: "Use tabs.", idempotencyKey: randomUUID() };
      const [first, second] = await Promise.all([1, 2].map(() => steerRun(context(), wish)));
      expect(second?.id).toBe(first?.id);
      expect(first).toMatchObject({ state: "queued", text: "Use tabs.", by: "member:Ada" });
      expect(await auditOf()).toMatchObject({ action: "run.steered", target: `run:${runId}` });
      const sent = { kind: "message_sent", actor: "member:Ada", messageId: first?.id, bytes: 9 };
      expect(await eventsOf(runId)).toEqual([sent]);
      await expect(steerRun(context(), { ...wish, text: "Other." })).rejects.toMatchObject({
        code: "conflict",
      });
    },
  );

  it("is refused where no agent would ever read it, with the next step", async () => {
    const send = (runId: RunId, text = "late") => steerRun(context(), { runId, text });
    for (const status of ["finishing", "succeeded", "failed", "cancelled"] as const) {
      await expect(send((await makeRun(status)).runId)).rejects.toMatchObject({
        code: "conflict",
        hint: expect.stringContaining("Continue the session"),
      });
    }
    const shell = await makeRun("running", { agent: "shell" });
    await expect(send(shell.runId)).rejects.toMatchObject({
      code: "unprocessable",
      message: "A shell command reads no messages while it runs.",
    });
    const live = await makeRun("running");
    await expect(send(live.runId, "x".repeat(300_000))).rejects.toMatchObject({
      code: "bad_input",
    });
    await cancelRun(context(), { runId: live.runId });
    await expect(send(live.runId)).rejects.toMatchObject({ code: "conflict" });
  });

  it("is edited and withdrawn while it is queued, and never after", async () => {
    const { runId, attemptId } = await makeRun("running");
    const { id: messageId } = await steerRun(context(), { runId, text: "one" });
    const edited = await editMessage(context(), { messageId, text: "two" });
    expect(edited).toMatchObject({ text: "two", state: "queued", editedAt: expect.any(Date) });
    const withdrawn = await withdrawMessage(context(), { messageId });
    expect(withdrawn).toMatchObject({ state: "withdrawn", endedAt: expect.any(Date) });
    expect((await eventsOf(runId)).slice(1)).toMatchObject([
      { kind: "message_moved", state: "queued", isEdited: true },
      { kind: "message_moved", state: "withdrawn" },
    ]);
    const given = await steerRun(context(), { runId, text: "three" });
    await database.db
      .update(messages)
      .set({ state: "handed_over", attemptId, handedOverAt: new Date() })
      .where(eq(messages.runId, runId));
    for (const id of [messageId, given.id]) {
      const refused = { code: "conflict", facts: { messageId: id, state: "handed_over" } };
      await expect(editMessage(context(), { messageId: id, text: "x" })).rejects.toMatchObject(
        refused,
      );
      await expect(withdrawMessage(context(), { messageId: id })).rejects.toMatchObject(refused);
    }
  });

  it("goes to the next attempt when it was not read, and is undelivered when none follows", async () => {
    const { runId, attemptId } = await makeRun("running");
    const texts = ["read", "given", "waiting"];
    const ids: string[] = [];
    for (const text of texts) ids.push((await steerRun(context(), { runId, text })).id);
    const at = new Date();
    const set = { attemptId, handedOverAt: at };
    const { db } = database;
    const where = (text: string) => eq(messages.text, text);
    await db
      .update(messages)
      .set({ ...set, state: "read", readAt: at })
      .where(where("read"));
    await db
      .update(messages)
      .set({ ...set, state: "handed_over" })
      .where(where("given"));
    const states = async () =>
      (await readConversation(db, { runId }, ada)).messages.map(({ state }) => state);
    await move(runId, "finishing");
    expect(await states()).toEqual(["read", "handed_over", "queued"]);
    await move(runId, "queued");
    expect(await states()).toEqual(["read", "queued", "queued"]);
    await cancelRun(context(), { runId });
    expect(await states()).toEqual(["read", "undelivered", "undelivered"]);
    const moved = (await eventsOf(runId)).filter(({ kind }) => kind === "message_moved");
    expect(moved).toMatchObject(
      [ids[1], ids[2]].map((messageId) => ({ messageId, state: "undelivered" })),
    );
  });
});

describe("a question of an agent", () => {
  it("is answered once, and with the last one the run goes on", async () => {
    const made = await makeRun("waiting");
    const [one, two] = [await ask(made), await ask(made, { tool: "Write" })];
    const { items } = await listWaiting(database.db, {});
    expect(items.filter(({ runId }) => runId === made.runId)).toMatchObject([
      { run: { title: "Do something useful" } },
      { run: { number: expect.any(Number) } },
    ]);
    const answer = (questionId: string) =>
      answerQuestion(context(), { questionId, decision: "allow" });
    const tries = await Promise.allSettled([answer(one), answer(one)]);
    expect(tries.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await statusOf(made.runId)).toBe("waiting");
    const denied = { questionId: two, decision: "deny" as const, text: "Not that file." };
    expect(await answerQuestion(context(), denied)).toMatchObject({
      ...{ state: "denied", answeredBy: "member:Ada", answerText: "Not that file." },
    });
    expect(await statusOf(made.runId)).toBe("running");
    expect(await auditOf()).toMatchObject({ action: "run.question_answered" });
    expect(await eventsOf(made.runId)).toMatchObject([
      { kind: "question_answered", questionId: one, decision: "allow" },
      { kind: "question_answered", questionId: two, decision: "deny" },
      { kind: "status_changed", from: "waiting", to: "running" },
    ]);
  });

  it("that wants words takes no bare yes, and a permission takes no words", async () => {
    const made = await makeRun("waiting");
    const wanting = await ask(made, { needsWords: true });
    const plain = await ask(made);
    const wrong = [
      { questionId: wanting, decision: "allow" as const },
      { questionId: wanting, decision: "allow_in_session" as const, text: "blue" },
      { questionId: plain, decision: "allow" as const, text: "blue" },
    ];
    for (const answer of wrong) {
      await expect(answerQuestion(context(), answer)).rejects.toMatchObject({ code: "bad_input" });
    }
    const right = { questionId: wanting, decision: "allow" as const, text: "blue" };
    expect(await answerQuestion(context(), right)).toMatchObject({ answerText: "blue" });
  });

  it("is moot once the agent has ended", async () => {
    const made = await makeRun("waiting");
    const questionId = await ask(made);
    await move(made.runId, "finishing");
    const late = answerQuestion(context(), { questionId, decision: "allow" });
    await expect(late).rejects.toMatchObject({ code: "conflict", facts: { state: "moot" } });
  });
});

describe("an interrupt", () => {
  it("is noted for the worker once, and only while a turn goes on", async () => {
    const { runId } = await makeRun("running");
    await Promise.all([1, 2].map(() => interruptRun(context(), { runId })));
    const [asked] = await database.db.select().from(runs).where(eq(runs.id, runId));
    expect(asked).toMatchObject({ interruptAskedBy: "member:Ada" });
    expect(await auditOf()).toMatchObject({ action: "run.interrupt_asked" });
    for (const status of ["queued", "preparing", "finishing", "failed"] as const) {
      const other = await makeRun(status);
      await expect(interruptRun(context(), { runId: other.runId })).rejects.toMatchObject({
        code: "conflict",
      });
    }
    const shell = await makeRun("running", { agent: "shell" });
    await expect(interruptRun(context(), { runId: shell.runId })).rejects.toMatchObject({
      code: "unprocessable",
    });
    await move(runId, "finishing");
    const [ended] = await database.db.select().from(runs).where(eq(runs.id, runId));
    expect(ended).toMatchObject({ interruptAskedAt: null, interruptAskedBy: null });
  });

  it("lets the run wait for words, which go to the agent as a message", async () => {
    const made = await makeRun("waiting");
    const asked = { tool: nextMessageTool, needsWords: true };
    const questionId = await ask(made, asked);
    const { runId } = made;
    expect(await readConversation(database.db, { runId }, ada)).toMatchObject({
      ...{ maySteer: true, mayInterrupt: false },
    });
    await expect(interruptRun(context(), { runId })).rejects.toMatchObject({ code: "conflict" });
    await answerQuestion(context(), { questionId, decision: "allow", text: "Go on with B." });
    const { messages: said } = await readConversation(database.db, { runId }, ada);
    expect(said).toMatchObject([{ text: "Go on with B.", state: "queued", by: "member:Ada" }]);
    expect(await statusOf(runId)).toBe("running");
  });
});
