import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { agentSessions, attempts, runs } from "@/db/schema";
import { script, startModelServer } from "@/e2e/model-server.mjs";
import { agentHomePath } from "@/server/agents/agent-home";
import { findMarked } from "@/server/agents/end-agent";
import { codexProgram, requireCodex } from "@/server/agents/testing-codex-real";
import { codexSettings } from "@/server/agents/testing-real-agents";
import type { RunId } from "@/server/domain/ids";
import { cancelRun } from "@/server/runs/cancel-run";
import { startRun } from "@/server/runs/start-run";
import { openTrialInstallation, type TrialInstallation, type TrialWorker } from "./testing";

type Run = typeof runs.$inferSelect;

let trial: TrialInstallation;
let model: Awaited<ReturnType<typeof startModelServer>>;
let worker: TrialWorker;
/** While this file is there, Codex waits before it says its first word. */
let gate: string;

beforeAll(async () => {
  requireCodex();
  model = await startModelServer();
  trial = await openTrialInstallation();
  gate = join(trial.home, "gate");
  writeFileSync(join(trial.home, "codex.toml"), codexSettings(model.url));
  const wait = `[ "$1" = --version ] || while [ -e ${gate} ]; do sleep 0.02; done`;
  const slow = `#!/bin/sh\n${wait}\nexec ${codexProgram} "$@"\n`;
  writeFileSync(join(trial.home, "slow-codex"), slow, { mode: 0o755 });
  worker = await startWorker();
  await trial.defineWorkflow("coder", { agent: "codex", command: undefined });
  await trial.defineWorkflow("open", { agent: "codex", command: undefined, sandbox: "off" });
});
afterAll(async () => {
  await trial?.end();
  await model?.close();
});

function startWorker(program = codexProgram): Promise<TrialWorker> {
  return trial.startWorker({
    slots: 8,
    environment: {
      COPPICE_CODEX_PATH: program,
      COPPICE_CODEX_CONFIG: join(trial.home, "codex.toml"),
      OPENAI_API_KEY: "dummy-key-for-tests",
    },
  });
}

const task = (marker: string) =>
  script(
    {
      tool: "apply_patch",
      input: `*** Begin Patch\n*** Add File: ${marker}.txt\n+${marker}\n*** End Patch`,
    },
    {
      tool: "exec_command",
      input: { cmd: `git add ${marker}.txt && git commit -qm "Add ${marker}"` },
    },
    { text: `wrote ${marker}` },
  );

async function start(message: string, more: object = {}): Promise<RunId> {
  const input = { workflow: "coder", repository: "sample", message, ...more };
  return (await startRun(trial.context(), input)).runId;
}

async function agentSessionOf(run: Run) {
  const rows = await trial.database.db
    .select()
    .from(agentSessions)
    .where(eq(agentSessions.id, run.agentSessionId));
  return rows[0];
}

async function attemptsOf(run: Run) {
  return trial.database.db.select().from(attempts).where(eq(attempts.runId, run.id));
}

/** Under which ids the model was asked something with these words in it. */
const askedUnder = (words: string) =>
  new Set(
    model.requests
      .filter(({ body }) => JSON.stringify(body ?? "").includes(words))
      .map(({ headers }) => headers["session-id"]),
  );

/** A command that says that it began, and goes on until the workspace has this file. */
const waitFor = (file: string) => ({
  cmd: `touch started; while [ ! -e ${file} ]; do sleep 0.02; done; rm -f started ${file}`,
  yield_time_ms: 30_000,
});

const pathOf = (run: Run) => run.workspacePath ?? "/nonexistent";

it("runs a real Codex under the one id that it gave before its prompt, and keeps its commit", async () => {
  const runId = await start(`Please. ${task("hello")}`);
  const queued = await trial.waitFor(runId, () => true);
  expect(queued.agentNativeId).toBeNull();
  const run = await trial.waitForEnd(runId);
  expect(run).toMatchObject({
    status: "succeeded",
    endReason: "completed",
    verdict: "unverified",
    result: "wrote hello",
    commits: 1,
    turns: 3,
    inputTokens: 300,
    costUsd: null,
  });
  expect(await agentSessionOf(run)).toMatchObject({ nativeId: run.agentNativeId });
  expect([...askedUnder("hello.txt")]).toEqual([run.agentNativeId]);
  const [attempt] = await attemptsOf(run);
  if (!attempt) throw new Error("no attempt");
  const stream = (await trial.outputOf(attempt.id)).toString();
  const named = new Set([...stream.matchAll(/"threadId":"([^"]+)"/g)].map(([, id]) => id));
  expect([...named]).toEqual([run.agentNativeId]);
  const said = readFileSync(join(attempt.controlPath, "stdin"), "utf8").trim().split("\n");
  expect(said.map((line) => JSON.parse(line).method)).toEqual([
    ...["initialize", "initialized", "thread/start", "turn/start"],
  ]);
  expect(stream.length).toBe(attempt.outputBytes);
});

it("carries several at once, each under its own id", async () => {
  const markers = ["north", "south", "east", "west"];
  const ids = await Promise.all(markers.map((marker) => start(task(marker))));
  const ended = await Promise.all(ids.map((id) => trial.waitForEnd(id)));
  expect(ended.map(({ status }) => status)).toEqual(ids.map(() => "succeeded"));
  expect(new Set(ended.map(({ agentNativeId }) => agentNativeId)).size).toBe(ids.length);
  for (const [index, run] of ended.entries()) {
    expect([...askedUnder(`${markers[index]}.txt`)]).toEqual([run.agentNativeId]);
  }
}, 60_000);

it("goes on in the same conversation, also when the workspace was removed", async () => {
  const first = await trial.waitForEnd(await start(task("once")));
  rmSync(first.workspacePath ?? "", { recursive: true });
  const second = await trial.waitForEnd(await start(task("twice"), { sessionId: first.sessionId }));
  expect(second).toMatchObject({
    status: "succeeded",
    result: "wrote twice",
    agentNativeId: first.agentNativeId,
    workspacePath: first.workspacePath,
    inputTokens: 300,
    turns: 3,
  });
  expect(readdirSync(second.workspacePath ?? "")).toEqual(
    expect.arrayContaining(["once.txt", "twice.txt"]),
  );
  const [attempt] = await attemptsOf(second);
  expect(attempt?.isResume).toBe(true);
});

it("says that a conversation is lost, and begins no other in its place", async () => {
  const first = await trial.waitForEnd(await start(task("kept")));
  rmSync(agentHomePath(trial.home, first.sessionId), { recursive: true });
  const runId = await start(task("unsaid"), { sessionId: first.sessionId });
  const run = await trial.waitForEnd(runId);
  expect(run).toMatchObject({ status: "failed", endReason: "agent_error", agentNativeId: null });
  expect(run.error).toMatch(/cannot go on with the conversation .* Start a new session/);
  expect([...askedUnder("unsaid.txt")]).toEqual([]);
  expect(await agentSessionOf(run)).toMatchObject({ nativeId: first.agentNativeId });
});

it("goes on reading what Codex does after its worker was killed", async () => {
  const runId = await start(
    script({ tool: "exec_command", input: waitFor("onward") }, { text: "went on" }),
  );
  const running = await trial.waitFor(runId, (run) => existsSync(join(pathOf(run), "started")));
  await worker.kill("SIGKILL");
  worker = await startWorker();
  writeFileSync(join(pathOf(running), "onward"), "");
  const run = await trial.waitForEnd(runId);
  expect(run).toMatchObject({ status: "succeeded", result: "went on", attemptNumber: 1, turns: 2 });
  expect([...askedUnder("went on")]).toEqual([run.agentNativeId]);
}, 60_000);

it("ends Codex and its command when the run is cancelled", async () => {
  const runId = await start(
    script({ tool: "exec_command", input: waitFor("never") }, { text: "never said" }),
  );
  await trial.waitFor(runId, (run) => existsSync(join(pathOf(run), "started")));
  await cancelRun(trial.context(), { runId });
  const run = await trial.waitForEnd(runId);
  expect(run).toMatchObject({ status: "cancelled", endReason: "cancelled_by_operator" });
  const [attempt] = await attemptsOf(run);
  const mark = { runId, attemptId: attempt?.id ?? "" };
  expect(findMarked(mark, { keeper: null })).toEqual([]);
}, 60_000);

it.each([
  { signal: "SIGKILL", marker: "killed" },
  { signal: "SIGTERM", marker: "stopped" },
] as const)(
  "begins once when its worker is ended by $signal while Codex is asked for its name",
  async ({ signal, marker }) => {
    await worker.kill("SIGTERM");
    worker = await startWorker(join(trial.home, "slow-codex"));
    writeFileSync(gate, "");
    const runId = await start(task(marker), { workflow: "open" });
    await trial.waitFor(runId, ({ id, status }) => {
      const control = join(trial.home, "attempts", id, "1");
      return status === "preparing" && existsSync(join(control, "go"));
    });
    await worker.kill(signal);
    rmSync(gate);
    worker = await startWorker();
    const run = await trial.waitForEnd(runId);
    expect(run).toMatchObject({ status: "succeeded", result: `wrote ${marker}`, attemptNumber: 1 });
    const [attempt] = await attemptsOf(run);
    const said = readFileSync(join(attempt?.controlPath ?? "", "stdin"), "utf8");
    expect(said.match(/"method":"(thread|turn)\/start"/g)).toHaveLength(2);
    expect([...askedUnder(`${marker}.txt`)]).toEqual([run.agentNativeId]);
    const conversations = execFileSync("find", [
      join(agentHomePath(trial.home, run.sessionId), ".codex", "sessions"),
      ...["-name", "*.jsonl"],
    ]);
    expect(conversations.toString().trim().split("\n")).toHaveLength(1);
  },
  60_000,
);

it("ends a run that is cancelled while Codex is asked for its name", async () => {
  await worker.kill("SIGTERM");
  worker = await startWorker(join(trial.home, "slow-codex"));
  writeFileSync(gate, "");
  const runId = await start(task("cancelled"), { workflow: "open" });
  await trial.waitFor(runId, ({ id, status }) => {
    const control = join(trial.home, "attempts", id, "1");
    return status === "preparing" && existsSync(join(control, "go"));
  });
  await trial.database.db
    .update(runs)
    .set({ cancelAskedAt: new Date(), cancelAskedBy: "member:tester" })
    .where(eq(runs.id, runId));
  const run = await trial.waitForEnd(runId);
  expect(run).toMatchObject({ status: "cancelled", agentNativeId: null });
  rmSync(gate);
  expect([...askedUnder("cancelled.txt")]).toEqual([]);
}, 60_000);
