import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { and, eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { agentSessions, attempts, messages, runEvents, usageEntries } from "@/db/schema";
import { script, startModelServer } from "@/e2e/model-server.mjs";
import { findMarked } from "@/server/agents/end-agent";
import { readControl } from "@/server/agents/read-control";
import type { RunId } from "@/server/domain/ids";
import type { WorkflowDefinition } from "@/server/domain/workflow";
import { cancelRun } from "@/server/runs/cancel-run";
import { startRun } from "@/server/runs/start-run";
import { tryNow } from "@/server/runs/try-now";
import { openTrialInstallation, type TrialInstallation, type TrialWorker } from "../testing";

const program = resolve("e2e/agents/node_modules/.bin/claude");
const resetsAt = Math.floor(Date.now() / 1000) + 3 * 3600;

let trial: TrialInstallation;
let model: Awaited<ReturnType<typeof startModelServer>>;
let worker: TrialWorker;
/** While it is set, the provider refuses whoever says this word. */
let refusedWord: string | null = null;

beforeAll(async () => {
  if (!existsSync(program)) {
    throw new Error("The real Claude Code is not installed. Run “npm test”, which installs it.");
  }
  model = await startModelServer({ intercept });
  trial = await openTrialInstallation();
  worker = await startWorker();
  const define = (name: string, more: Partial<WorkflowDefinition> = {}) =>
    trial.defineWorkflow(name, { agent: "claude-code", allowedTools: ["Bash"], ...more });
  await define("coder");
  await define("strict", { stallsInTools: true });
});
afterAll(async () => {
  await trial?.end();
  await model?.close();
});

/** What the provider answers to a subscriber whose limit is reached. */
function intercept({ body }: { body: unknown }) {
  if (refusedWord === null || !JSON.stringify(body).includes(refusedWord)) return null;
  const message = "This request would exceed your account's rate limit. Please try again later.";
  return {
    status: 429,
    content: { type: "error", error: { type: "rate_limit_error", message } },
    headers: {
      "anthropic-ratelimit-unified-status": "rejected",
      "anthropic-ratelimit-unified-reset": String(resetsAt),
      "anthropic-ratelimit-unified-representative-claim": "five_hour",
    },
  };
}

function startWorker(): Promise<TrialWorker> {
  return trial.startWorker({
    slots: 8,
    environment: {
      COPPICE_CLAUDE_PATH: program,
      ANTHROPIC_BASE_URL: model.url,
      ANTHROPIC_API_KEY: "",
      CLAUDE_CODE_OAUTH_TOKEN: "sk-ant-oat01-dummy-for-tests",
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
      CLAUDE_CODE_MAX_RETRIES: "1",
    },
  });
}

const bash = (command: string) => ({ tool: "Bash", input: { command, description: "x" } });

async function start(steps: object[], more: object = {}): Promise<RunId> {
  const input = { workflow: "coder", repository: "sample", message: script(...steps), ...more };
  return (await startRun(trial.context(), input)).runId;
}

const eventsOf = async (runId: RunId, kind: "limit_near" | "usage_limit_met") =>
  trial.database.db
    .select()
    .from(runEvents)
    .where(and(eq(runEvents.runId, runId), eq(runEvents.kind, kind)));
const attemptsOf = (runId: RunId) =>
  trial.database.db.select().from(attempts).where(eq(attempts.runId, runId));
const aliveOf = (runId: RunId, { id, controlPath }: Awaited<ReturnType<typeof attemptsOf>>[0]) =>
  findMarked({ runId, attemptId: id }, readControl(controlPath));
const messagesOf = (runId: RunId) =>
  trial.database.db.select().from(messages).where(eq(messages.runId, runId));

async function waitForEvent(runId: RunId, kind: Parameters<typeof eventsOf>[1]): Promise<void> {
  while ((await eventsOf(runId, kind)).length === 0) {
    await new Promise((done) => setTimeout(done, 20));
  }
}

it("asks an agent once to sum up when a limit is near, whoever follows it, and stops it when one is reached", async () => {
  const working = [{ ...bash("true"), usage: { input: 950 } }, { hang: true }];
  const runId = await start(working, { maxTokens: 1000, timeoutSeconds: 9 });
  const begun = await trial.waitFor(runId, ({ status }) => status === "running");
  const quiet = await start([{ hang: true }], { stallSeconds: 2 });
  const strict = await start([bash("perl -e 'sleep 600'")], {
    workflow: "strict",
    stallSeconds: 2,
  });
  const chatty = await start([bash("sleep 1"), { text: "said" }], { maxOutputBytes: 2048 });
  const greedy = await start(
    [{ ...bash("true"), usage: { input: 950 } }, bash("sleep 1"), { text: "said" }],
    { maxTokens: 1000 },
  );

  expect(await trial.waitForEnd(quiet)).toMatchObject({ status: "failed", endReason: "stalled" });
  expect(await trial.waitForEnd(strict)).toMatchObject({
    endReason: "stalled",
    error: "The agent wrote nothing for 2 s and was stopped.",
  });
  expect(await trial.waitForEnd(chatty)).toMatchObject({ endReason: "output_limit" });
  expect(await trial.waitForEnd(greedy)).toMatchObject({ endReason: "token_limit" });

  await waitForEvent(runId, "limit_near");
  expect(await messagesOf(runId)).toMatchObject([
    { createdBy: "coppice", text: expect.stringContaining("near its limit of 1,000 tokens") },
  ]);
  await worker.kill("SIGKILL");
  worker = await startWorker();
  const run = await trial.waitForEnd(runId);

  expect(run).toMatchObject({ status: "failed", endReason: "timed_out", pid: begun.pid });
  expect(run.error).toBe("The run reached its time limit of 9 s and was stopped.");
  expect(await eventsOf(runId, "limit_near")).toMatchObject([
    { data: { limit: "tokens", isAsked: true } },
  ]);
  expect(await messagesOf(runId)).toHaveLength(1);
  for (const id of [runId, quiet, strict, chatty, greedy]) {
    const [attempt] = await attemptsOf(id);
    expect(attempt && aliveOf(id, attempt)).toEqual([]);
  }
}, 60_000);

it("waits for the reset of the provider's limit and goes on in the same agent session, with no retry spent", async () => {
  const steps = [bash("echo one > one.txt"), bash("sleep 0.1 # second"), { text: "finished" }];
  refusedWord = "toolu_";
  const runId = await start(steps);
  const dropped = await start(steps);
  const waiting = await trial.waitFor(runId, ({ waitReason }) => waitReason === "usage_limit");
  await trial.waitFor(dropped, ({ waitReason }) => waitReason === "usage_limit");
  await cancelRun(trial.context(), { runId: dropped });
  expect(await trial.waitForEnd(dropped)).toMatchObject({ status: "cancelled" });

  expect(waiting).toMatchObject({ status: "queued", attemptsSpent: 0, attemptNumber: 1 });
  expect(waiting.goOnMessage).toMatch(/^The provider's usage limit stopped you/);
  const waitsUntil = waiting.availableAt.getTime() / 1000;
  expect(waitsUntil).toBeGreaterThan(resetsAt);
  expect(waitsUntil).toBeLessThan(resetsAt + 90);
  const [first] = await attemptsOf(runId);
  expect(first).toMatchObject({
    endReason: "usage_limit",
    usageResetsAt: new Date(resetsAt * 1000),
  });
  const [met] = await eventsOf(runId, "usage_limit_met");
  expect(met?.data).toMatchObject({
    resetsAt: new Date(resetsAt * 1000).toISOString(),
    availableAt: waiting.availableAt.toISOString(),
  });
  expect(first && aliveOf(runId, first)).toEqual([]);

  refusedWord = null;
  await tryNow(trial.context(), { runId });
  const run = await trial.waitForEnd(runId);
  expect(run).toMatchObject({ status: "succeeded", result: "finished", attemptNumber: 2 });
  expect(run).toMatchObject({ attemptsSpent: 1, agentNativeId: waiting.agentNativeId });
  const [, second] = (await attemptsOf(runId)).sort((a, b) => a.number - b.number);
  expect(second).toMatchObject({ isResume: true, endReason: "completed" });
  const [session] = await trial.database.db
    .select()
    .from(agentSessions)
    .where(eq(agentSessions.id, run.agentSessionId));
  const asked = model.requests.filter(
    ({ headers }) => headers["x-claude-code-session-id"] === session?.nativeId,
  );
  expect(JSON.stringify(asked.at(-1)?.body)).toContain("Go on where you stopped");

  const entries = (
    await Promise.all(
      [first, second].map((attempt) =>
        trial.database.db
          .select()
          .from(usageEntries)
          .where(eq(usageEntries.attemptId, attempt?.id ?? (run.agentSessionId as never))),
      ),
    )
  ).flat();
  const sum = (of: (entry: (typeof entries)[number]) => number | null) =>
    entries.reduce((total, entry) => total + (of(entry) ?? Number.NaN), 0);
  expect(sum(({ inputTokens }) => inputTokens)).toBe(run.inputTokens);
  expect(sum(({ outputTokens }) => outputTokens)).toBe(run.outputTokens);
  expect(sum(({ costUsd }) => costUsd)).toBeCloseTo(run.costUsd ?? Number.NaN, 10);
  expect(new Set(entries.map(({ model: name }) => name)).size).toBe(1);
  expect(existsSync(join(run.workspacePath ?? "", "one.txt"))).toBe(true);
});
