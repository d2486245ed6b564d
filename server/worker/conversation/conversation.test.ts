import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { asc, eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { attempts, messages, questions, type runs } from "@/db/schema";
import { script, startModelServer } from "@/e2e/model-server.mjs";
import { codexProgram, requireCodex } from "@/server/agents/testing-codex-real";
import { codexSettings } from "@/server/agents/testing-real-agents";
import { answerQuestion } from "@/server/conversation/answer-question";
import { interruptRun } from "@/server/conversation/interrupt-run";
import { steerRun } from "@/server/conversation/steer-run";
import type { QuestionDecision } from "@/server/domain/conversation";
import type { RunId } from "@/server/domain/ids";
import { startRun } from "@/server/runs/start-run";
import { openTrialInstallation, type TrialInstallation, type TrialWorker } from "../testing";

type Run = typeof runs.$inferSelect;
type Question = typeof questions.$inferSelect;

const claudeProgram = join(process.cwd(), "e2e/agents/node_modules/.bin/claude");

let trial: TrialInstallation;
let model: Awaited<ReturnType<typeof startModelServer>>;
let worker: TrialWorker;

beforeAll(async () => {
  requireCodex();
  model = await startModelServer();
  trial = await openTrialInstallation();
  writeFileSync(join(trial.home, "codex.toml"), codexSettings(model.url));
  worker = await startWorker({ COPPICE_TEST_CRASH: "1", CRASH_AT: "mid:handover" });
  const claude = { agent: "claude-code" as const, command: undefined };
  await trial.defineWorkflow("talker", { ...claude, allowedTools: ["Bash"] });
  await trial.defineWorkflow("asker", { ...claude, permissions: "ask" });
  const codex = { agent: "codex" as const, command: undefined };
  await trial.defineWorkflow("codex", { ...codex, permissions: "ask" });
});
afterAll(async () => {
  await trial?.end();
  await model?.close();
});

function startWorker(environment: Record<string, string> = {}): Promise<TrialWorker> {
  return trial.startWorker({
    slots: 8,
    environment: {
      COPPICE_CLAUDE_PATH: claudeProgram,
      ANTHROPIC_BASE_URL: model.url,
      ANTHROPIC_API_KEY: "dummy-key-for-tests",
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
      COPPICE_CODEX_PATH: codexProgram,
      COPPICE_CODEX_CONFIG: join(trial.home, "codex.toml"),
      OPENAI_API_KEY: "dummy-key-for-tests",
      ...environment,
    },
  });
}

async function start(workflow: string, message: string, more: object = {}): Promise<RunId> {
  const input = { workflow, repository: "sample", message, ...more };
  return (await startRun(trial.context(), input)).runId;
}

const bash = (command: string) => ({ tool: "Bash", input: { command, description: "x" } });
/** A command that says that it began, and goes on until the workspace has the file `go`. */
const wait = (by: string) => `touch ${by}; while [ ! -e go ]; do sleep 0.02; done`;
const fileOf = (run: Run, name: string) => join(run.workspacePath ?? "/nonexistent", name);

async function working(runId: RunId, by = "started"): Promise<Run> {
  return trial.waitFor(runId, (run) => existsSync(fileOf(run, by)));
}

const say = (runId: RunId, text: string) => steerRun(trial.context(), { runId, text });

async function messagesOf(runId: RunId) {
  const where = eq(messages.runId, runId);
  return trial.database.db.select().from(messages).where(where).orderBy(asc(messages.position));
}

async function until<Found>(look: () => Promise<Found | undefined | false>): Promise<Found> {
  for (;;) {
    const found = await look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** All that was said to the run has left the queue. */
const given = (runId: RunId) =>
  until(async () => (await messagesOf(runId)).every(({ state }) => state !== "queued"));

/** The open question of a run, once the run waits for its answer. */
async function waiting(runId: RunId): Promise<Question> {
  await trial.waitFor(runId, ({ status }) => status === "waiting");
  const { db } = trial.database;
  return until(async () => {
    const found = await db.select().from(questions).where(eq(questions.runId, runId));
    return found.find(({ state }) => state === "open");
  });
}

/** As if nobody had answered for an hour. */
async function expire({ id }: Question): Promise<void> {
  const deadlineAt = new Date();
  const askedAt = new Date(deadlineAt.getTime() - 3_600_000);
  const { db } = trial.database;
  await db.update(questions).set({ askedAt, deadlineAt }).where(eq(questions.id, id));
}

const answer = (asked: Question, decision: QuestionDecision, text?: string) =>
  answerQuestion(trial.context(), { questionId: asked.id, decision, ...(text && { text }) });

async function attemptOf(run: Run) {
  const [attempt] = await trial.database.db
    .select()
    .from(attempts)
    .where(eq(attempts.runId, run.id));
  if (!attempt) throw new Error("no attempt");
  return attempt;
}

async function stdinOf(run: Run): Promise<string> {
  return readFileSync(join((await attemptOf(run)).controlPath, "stdin"), "utf8");
}

/** The words that the model was sent last with these in them. */
function lastAsked(words: string): string {
  const sent = model.requests.map(({ body }) => JSON.stringify(body ?? ""));
  return sent.findLast((text) => text.includes(words)) ?? "";
}

const sessionsOf = (words: string) =>
  model.requests
    .filter(({ body }) => JSON.stringify(body ?? "").includes(words))
    .map(({ headers }) => headers["x-claude-code-session-id"]);

const countOf = (text: string, part: string) => text.split(part).length - 1;

it("gives each message and answer exactly once, whenever its worker is killed", async () => {
  const askedBefore = script(bash("echo allowed > one"), { text: "was allowed" });
  const [runId, askingId] = await Promise.all([
    start("talker", script(bash(wait("begun")), { text: "first" })),
    start("asker", askedBefore),
  ]);
  const run = await working(runId, "begun");
  const asked = await waiting(askingId);
  expect(asked).toMatchObject({ tool: "Bash", input: { command: "echo allowed > one" } });
  await say(runId, "said-before-the-crash");
  await worker.kill("SIGCONT"); // It dies by itself, when the message is committed and not written.
  expect((await messagesOf(runId)).map(({ state }) => state)).toEqual(["handed_over"]);
  expect(await stdinOf(run)).not.toContain("said-before-the-crash");
  await say(runId, `said-while-it-was-dead ${script({ text: "both came" })}`);
  await answer(asked, "allow");
  worker = await startWorker();
  await given(runId);
  writeFileSync(fileOf(run, "go"), "");
  const ended = await trial.waitForEnd(runId);
  expect(ended).toMatchObject({ status: "succeeded", result: "both came", attemptNumber: 1 });
  const sent = lastAsked("said-while-it-was-dead");
  for (const words of ["said-before-the-crash", "said-while-it-was-dead"]) {
    expect([countOf(await stdinOf(run), words), countOf(sent, words)]).toEqual([1, 1]);
  }
  const answered = await trial.waitForEnd(askingId);
  expect(answered).toMatchObject({ status: "succeeded", result: "was allowed", attemptNumber: 1 });
  expect(countOf(await stdinOf(answered), asked.nativeId)).toBe(1);
  expect(readFileSync(fileOf(answered, "one"), "utf8")).toBe("allowed\n");
}, 60_000);

// From here on the worker lives, and the runs go on beside one another.
it.concurrent("gives messages to a working Claude Code in their order, and tells when it has read them", async () => {
  const runId = await start("talker", script(bash(wait("started")), { text: "first" }));
  // Queued before the agent is up, it comes after the prompt.
  await say(runId, "early-words");
  const run = await working(runId);
  await say(runId, "/clear");
  await say(runId, `late-words ${script({ text: "steered" })}`);
  await given(runId);
  writeFileSync(fileOf(run, "go"), "");
  const ended = await trial.waitForEnd(runId);
  expect(ended).toMatchObject({ status: "succeeded", result: "steered", attemptNumber: 1 });
  expect((await messagesOf(runId)).map(({ state }) => state)).toEqual(["read", "read", "read"]);
  const asked = lastAsked("late-words");
  expect(asked.indexOf("early-words")).toBeLessThan(asked.indexOf("late-words"));
  // The CLI keeps what looks like a command for a turn of its own, and it is none: the model reads it.
  expect(lastAsked(" /clear")).not.toBe("");
  expect(new Set(sessionsOf("late-words"))).toEqual(new Set([ended.agentNativeId]));
  expect([countOf(asked, "early-words"), countOf(asked, "late-words")]).toEqual([1, 1]);
  const kinds = (await trial.eventsOf(runId)).map(({ kind, data }) =>
    kind === "message_moved" ? data.state : kind,
  );
  expect(kinds.filter((kind) => kind === "message_sent")).toHaveLength(3);
  expect(kinds.filter((kind) => kind === "handed_over")).toHaveLength(3);
}, 60_000);

it.concurrent("lets an operator answer what Claude Code asks", async () => {
  const question = { question: "Which colour?", header: "Colour", multiSelect: false };
  const options = ["Red", "Blue"].map((label) => ({ label, description: label }));
  const runId = await start(
    "asker",
    script(
      bash("echo denied > two"),
      bash("echo late > three"),
      bash("echo for-session > four"),
      bash("echo unasked > five"),
      { tool: "AskUserQuestion", input: { questions: [{ ...question, options }] } },
      { text: "all answered" },
    ),
  );
  const second = await waiting(runId);
  const run = await trial.waitFor(runId, () => true);
  await answer(second, "deny", "Use another file.");
  const third = await waiting(runId);
  expect(lastAsked("Use another file.")).toContain("This was denied: Use another file.");
  await expire(third);
  const fourth = await until(async () => {
    const asked = await waiting(runId);
    return asked.id !== third.id && asked;
  });
  await answer(fourth, "allow_in_session");
  const words = await waiting(runId);
  expect(words).toMatchObject({ tool: "AskUserQuestion", needsWords: true });
  await answer(words, "allow", "Green, with dots");
  const ended = await trial.waitForEnd(runId);
  expect(ended).toMatchObject({ status: "succeeded", result: "all answered", attemptNumber: 1 });
  const written = ["two", "three", "four", "five"].filter((name) => existsSync(fileOf(run, name)));
  expect(written).toEqual(["four", "five"]);
  expect(lastAsked("Nobody answered within")).not.toBe("");
  expect(lastAsked("Green, with dots")).toContain("Which colour?");
  // What was allowed for the session is not asked again in its next run.
  const next = { sessionId: run.sessionId };
  const later = await start("asker", script(bash("echo later > six"), { text: "later" }), next);
  expect(await trial.waitForEnd(later)).toMatchObject({ status: "succeeded", result: "later" });
  const statuses = (await trial.eventsOf(later)).flatMap(({ data }) => data.to ?? []);
  expect(statuses).not.toContain("waiting");
  expect(existsSync(fileOf(run, "six"))).toBe(true);
}, 90_000);

it.concurrent("interrupts the turn of Claude Code, not its run", async () => {
  const runId = await start("talker", script(bash(wait("at-work")), { text: "never" }));
  await working(runId, "at-work");
  await interruptRun(trial.context(), { runId });
  const paused = await waiting(runId);
  expect(paused).toMatchObject({ tool: "next_message", needsWords: true });
  await say(runId, script(bash(wait("again")), { text: "never" }));
  const run = await working(runId, "again");
  // What is said with the interrupt is the next turn; nobody has to ask for it.
  await say(runId, script({ text: "went another way" }));
  await interruptRun(trial.context(), { runId });
  const ended = await trial.waitForEnd(runId);
  expect(ended).toMatchObject({ status: "succeeded", result: "went another way" });
  expect((await messagesOf(runId)).map(({ state }) => state)).toEqual(["read", "read"]);
  expect([ended.attemptNumber, countOf(await stdinOf(run), '"interrupt"')]).toEqual([1, 2]);
  const kinds = (await trial.eventsOf(runId)).map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === "turn_interrupted")).toHaveLength(2);
  expect(kinds.filter((kind) => kind === "question_asked")).toHaveLength(1);
}, 60_000);

it.concurrent("ends an interrupted run as cancelled when nothing is to follow", async () => {
  const runId = await start("talker", script(bash(wait("stopped")), { text: "never" }));
  await working(runId, "stopped");
  await interruptRun(trial.context(), { runId });
  const paused = await waiting(runId);
  await expire(paused);
  expect(await trial.waitForEnd(runId)).toMatchObject({
    ...{ status: "cancelled", endReason: "cancelled_by_operator" },
    error: "The agent was interrupted, and nobody said within 60 minutes what comes next.",
  });
}, 60_000);

it.concurrent("talks with Codex in the same way", async () => {
  const run = (cmd: string) => ({ tool: "exec_command", input: { cmd, yield_time_ms: 30_000 } });
  const runId = await start(
    "codex",
    script(run("echo yes > one"), run("echo no > two"), run(wait("at-work")), { text: "never" }),
  );
  await answer(await waiting(runId), "allow");
  await answer(await waiting(runId), "deny", "Not that one.");
  await answer(await waiting(runId), "allow");
  const at = await working(runId, "at-work");
  expect(["one", "two"].map((name) => existsSync(fileOf(at, name)))).toEqual([true, false]);
  expect(lastAsked("Not that one.")).toContain("was denied: Not that one.");
  await say(runId, "steered-codex");
  await given(runId);
  await interruptRun(trial.context(), { runId });
  expect(await waiting(runId)).toMatchObject({ tool: "next_message" });
  await say(runId, script({ text: "codex went on" }));
  const ended = await trial.waitForEnd(runId);
  expect(ended).toMatchObject({ status: "succeeded", result: "codex went on", attemptNumber: 1 });
}, 60_000);
