import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { asc, eq, inArray } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { agentSessions, attempts, commits, runs } from "@/db/schema";
import { script, startModelServer } from "@/e2e/model-server.mjs";
import { codexProgram, requireCodex } from "@/server/agents/testing-codex-real";
import { requireProgram } from "@/server/agents/testing-real";
import { codexSettings, realClaude } from "@/server/agents/testing-real-agents";
import type { RunId } from "@/server/domain/ids";
import { startRun } from "@/server/runs/start-run";
import { mirrorPath } from "@/server/workspaces/layout";
import { openTrialInstallation, type TrialInstallation } from "./testing";

type Run = typeof runs.$inferSelect;
type Model = Awaited<ReturnType<typeof startModelServer>>;

let trial: TrialInstallation;
let model: Model;

beforeAll(async () => {
  requireProgram(realClaude, "Run “npm test”, which installs it.");
  requireCodex();
  model = await startModelServer();
  trial = await openTrialInstallation();
  writeFileSync(join(trial.home, "codex.toml"), codexSettings(model.url));
  await trial.startWorker({
    slots: 8,
    environment: {
      COPPICE_CLAUDE_PATH: realClaude.program,
      COPPICE_CODEX_PATH: codexProgram,
      COPPICE_CODEX_CONFIG: join(trial.home, "codex.toml"),
      OPENAI_API_KEY: "dummy-key-for-tests",
      ANTHROPIC_BASE_URL: model.url,
      ANTHROPIC_API_KEY: "dummy-key-for-tests",
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
      CLAUDE_CODE_MAX_RETRIES: "1",
    },
  });
  await trial.defineWorkflow("coder", {
    agent: "claude-code",
    allowedTools: ["Bash", "Write", "Read", "Edit"],
  });
  await trial.defineWorkflow("codex", { agent: "codex" });
  for (const name of ["north", "south", "east", "west"]) {
    await trial.defineWorkflow(name, {
      workspace: "persistent",
      command: 'echo "$COPPICE_RUN_ID" > mine; sleep 0.1; [ "$(cat mine)" = "$COPPICE_RUN_ID" ]',
    });
  }
  await trial.defineWorkflow("plain", {
    command: 'seq 1 500; echo "$COPPICE_RUN_ID" > mine; git add mine; git commit -qm mine',
  });
});
afterAll(async () => {
  await trial?.end();
  await model?.close();
});

const task = (marker: string) =>
  script(
    { tool: "Write", input: { file_path: `${marker}.txt`, content: `${marker}\n` } },
    {
      tool: "Bash",
      input: {
        command: `git add ${marker}.txt && git commit -qm "Add ${marker}"`,
        description: "commit",
      },
    },
    { text: `wrote ${marker}` },
  );

const codexTask = (marker: string) =>
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

async function start(workflow: string, message = "do it"): Promise<RunId> {
  return (await startRun(trial.context(), { workflow, repository: "sample", message })).runId;
}

const git = (run: Run, ...args: string[]) =>
  execFileSync("git", ["--git-dir", mirrorPath(trial.home, run.repositoryId), ...args], {
    encoding: "utf8",
  }).trim();

it("has a real Claude Code write and commit a file, under one agent session id everywhere", async () => {
  const runId = await start("coder", `Please. ${task("hello")}`);
  const run = await trial.waitForEnd(runId);
  expect(run).toMatchObject({
    status: "succeeded",
    endReason: "completed",
    verdict: "unverified",
    result: "wrote hello",
    commits: 1,
    filesChanged: 1,
    turns: 3,
  });
  const [row] = await trial.database.db
    .select()
    .from(agentSessions)
    .where(eq(agentSessions.id, run.agentSessionId));
  const [attempt] = await trial.database.db
    .select()
    .from(attempts)
    .where(eq(attempts.runId, runId));
  if (!attempt) throw new Error("no attempt");
  const stream = (await trial.outputOf(attempt.id)).toString();
  const inStream = new Set([...stream.matchAll(/"session_id":"([^"]+)"/g)].map(([, id]) => id));
  const inRequests = new Set(
    model.requests
      .filter(({ body }) => JSON.stringify(body ?? "").includes("hello.txt"))
      .map(({ headers }) => headers["x-claude-code-session-id"]),
  );
  expect([...inStream]).toEqual([run.agentNativeId]);
  expect([...inRequests]).toEqual([run.agentNativeId]);
  expect(row).toMatchObject({ nativeId: run.agentNativeId, sessionId: run.sessionId });
  expect(run.inputTokens).toBeGreaterThan(0);
  expect(run.costUsd).toBeGreaterThan(0);
});

it("carries 24 runs at once, shell, Claude and Codex mixed, with Postgres, disk and git agreeing on each", async () => {
  const persistent = ["north", "south", "east", "west"];
  const ids = await Promise.all([
    ...Array.from({ length: 6 }, (_, index) => start("coder", task(`agent${index}`))),
    ...Array.from({ length: 6 }, (_, index) => start("codex", codexTask(`agent${index + 6}`))),
    ...Array.from({ length: 8 }, (_, index) => start(persistent[index % 4] ?? "north")),
    ...Array.from({ length: 4 }, () => start("plain")),
  ]);
  const ended = await Promise.all(ids.map((id) => trial.waitForEnd(id)));
  expect(ended.map(({ status }) => status)).toEqual(ids.map(() => "succeeded"));
  for (const run of ended) await expectAgreement(run);
  expectNoOverlap(ended);
  const ofAgents = ended.slice(0, 12);
  expect(new Set(ofAgents.map(({ agentNativeId }) => agentNativeId)).size).toBe(12);
  for (const [index, run] of ofAgents.entries()) {
    expect([...askedUnder(`agent${index}.txt`)], run.agent).toEqual([run.agentNativeId]);
  }
}, 120_000);

/** Under which agent session ids the model was asked something with these words in it. */
const askedUnder = (words: string) =>
  new Set(
    model.requests
      .filter(({ body }) => JSON.stringify(body ?? "").includes(words))
      .map(({ headers }) => headers["x-claude-code-session-id"] ?? headers["session-id"]),
  );

async function expectAgreement(run: Run): Promise<void> {
  const path = run.workspacePath ?? "";
  expect(existsSync(join(path, ".git"))).toBe(true);
  expect(git(run, "rev-parse", `refs/heads/${run.branch}`)).toBe(run.headCommit);
  const recorded = await trial.database.db
    .select()
    .from(commits)
    .where(eq(commits.runId, run.id))
    .orderBy(asc(commits.position));
  const inGit = git(run, "rev-list", "--reverse", `${run.baseCommit}..${run.headCommit}`);
  expect(recorded.map(({ sha }) => sha)).toEqual(inGit.split("\n").filter(Boolean));
  expect(run.commits).toBe(recorded.length);
  const [attempt] = await trial.database.db
    .select()
    .from(attempts)
    .where(eq(attempts.runId, run.id));
  if (!attempt) throw new Error(`no attempt of ${run.id}`);
  const spool = readFileSync(join(attempt.controlPath, "output"));
  expect((await trial.outputOf(attempt.id)).equals(spool)).toBe(true);
  expect(existsSync(`/proc/${attempt.pid}`)).toBe(false);
  const events = await trial.eventsOf(run.id);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
}

function expectNoOverlap(ended: Run[]): void {
  const byWorkspace = new Map<string, Run[]>();
  for (const run of ended) {
    byWorkspace.set(run.workspaceId, [...(byWorkspace.get(run.workspaceId) ?? []), run]);
  }
  for (const together of byWorkspace.values()) {
    const spans = together
      .map(({ startedAt, endedAt }) => ({ begin: Number(startedAt), end: Number(endedAt) }))
      .sort((a, b) => a.begin - b.begin);
    for (const [index, { begin }] of spans.entries()) {
      expect(begin).toBeGreaterThanOrEqual(spans[index - 1]?.end ?? 0);
    }
  }
}

it("tells the cost of each run of a session apart when Claude is resumed", async () => {
  const first = await trial.waitForEnd(await start("coder", task("once")));
  const { runId } = await startRun(trial.context(), {
    workflow: "coder",
    repository: "sample",
    message: task("twice"),
    sessionId: first.sessionId,
  });
  const second = await trial.waitForEnd(runId);
  expect(second).toMatchObject({ status: "succeeded", agentNativeId: first.agentNativeId });
  expect(second.costUsd).toBeCloseTo(first.costUsd ?? -1, 4);
  const rows = await trial.database.db
    .select()
    .from(runs)
    .where(inArray(runs.id, [first.id, second.id]));
  expect(rows.map(({ turns }) => turns)).toEqual([3, 3]);
});
