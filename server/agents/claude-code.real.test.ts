import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { script, startModelServer } from "@/e2e/model-server.mjs";
import { prepareAgentHome } from "./agent-home";
import { claudeCode } from "./claude-code";
import { deriveUuid } from "./derive-uuid";
import type { Conclusion, DriverContext } from "./driver";
import { endAgent, findMarked } from "./end-agent";
import { composeEnvironment } from "./environment";
import { probeIsolation } from "./probe-isolation";
import { readControl } from "./read-control";
import { makeTrialAttempt, type TrialAttempt } from "./testing";
import { driveTrial, type TrialRun } from "./testing-drive";

const program = resolve("e2e/agents/node_modules/.bin/claude");
const bash = (command: string) => ({ tool: "Bash", input: { command, description: "x" } });

type Model = Awaited<ReturnType<typeof startModelServer>>;
let model: Model;
const attempts: TrialAttempt[] = [];

beforeAll(async () => {
  if (!existsSync(program)) {
    throw new Error("The real Claude Code is not installed. Run “npm test”, which installs it.");
  }
  model = await startModelServer();
});
afterAll(async () => {
  await model?.close();
  for (const attempt of attempts) rmSync(attempt.home, { recursive: true, force: true });
});

/** A fresh repository with one commit, and the attempt's folders around it. */
function makeAttempt(): TrialAttempt {
  const attempt = makeTrialAttempt();
  attempts.push(attempt);
  const git = (...args: string[]) => execFileSync("git", args, { cwd: attempt.workspace });
  git("init", "-qb", "main");
  git("-c", "user.name=t", "-c", "user.email=t@t", "commit", "-q", "--allow-empty", "-m", "first");
  return attempt;
}

interface ClaudeTrial {
  prompt: string;
  context?: Partial<DriverContext>;
  sandbox?: "auto" | "off";
  environment?: Record<string, string>;
  onLine?: (line: string, run: TrialRun) => void;
}

async function runClaude(attempt: TrialAttempt, trial: ClaudeTrial): Promise<TrialRun> {
  const nativeSessionId = trial.context?.nativeSessionId ?? deriveUuid(attempt.mark.runId);
  const place = prepareAgentHome({
    home: attempt.home,
    sessionId: "session",
    kind: "claude-code",
    operatorHome: attempt.home,
    controlPath: attempt.control,
  });
  const context: DriverContext = {
    program,
    command: null,
    prompt: trial.prompt,
    systemPrompt: "You are tested.",
    model: null,
    nativeSessionId,
    attemptId: attempt.mark.attemptId,
    isResume: false,
    maxTurns: 20,
    maxCostUsd: null,
    allowedTools: ["Bash"],
    workspacePath: attempt.workspace,
    isSandboxed: trial.sandbox !== "off",
    mayAsk: false,
    sessionCostUsdBefore: 0,
    ...trial.context,
  };
  const environment = composeEnvironment({
    kind: "claude-code",
    runId: attempt.mark.runId,
    sessionId: "session",
    agentSessionId: nativeSessionId,
    attemptId: attempt.mark.attemptId,
    workspaceId: "workspace",
    workspacePath: attempt.workspace,
    branch: "main",
    baseCommit: "",
    repositoryName: "demo",
    runNumber: 1,
    message: "",
    homePath: place.homePath,
    temporaryPath: place.temporaryPath,
    extra: { CLAUDE_CODE_MAX_RETRIES: "1", ...trial.environment },
    source: {
      ...process.env,
      ANTHROPIC_BASE_URL: model.url,
      ANTHROPIC_API_KEY: "not-a-real-key",
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    },
  });
  return await driveTrial({
    attempt: { ...attempt, ...place, environment },
    driver: claudeCode,
    context,
    isolation: await probeIsolation(),
    sandbox: trial.sandbox ?? "auto",
    ...(trial.onLine && { onLine: trial.onLine }),
  });
}

async function concludeOf(run: TrialRun): Promise<Conclusion> {
  return (await run.ended).conclusion;
}

const requestsOf = (text: string) =>
  model.requests.filter((request) => JSON.stringify(request.body ?? "").includes(text));

describe("Claude Code, the real one", () => {
  it("writes a file and commits it, under the one session id in stream, model and home", async () => {
    const attempt = makeAttempt();
    const file = join(attempt.workspace, "hello.txt");
    const run = await runClaude(attempt, {
      prompt: script(
        { text: "Writing.", tool: "Write", input: { file_path: file, content: "hi" } },
        bash("git add -A && git commit -qm 'say hi' && git log -1 --format=%an"),
        { text: "all done" },
      ),
    });
    const { conclusion, entries } = await run.ended;
    expect(conclusion).toMatchObject({ reason: "completed", result: "all done", error: null });
    expect(conclusion.usage).toMatchObject({ inputTokens: 300, outputTokens: 60, turns: 3 });
    expect(conclusion.usage.costUsd).toBeCloseTo(conclusion.sessionCostUsdAfter ?? -1, 6);
    expect(readFileSync(file, "utf8")).toBe("hi");
    const log = execFileSync("git", ["log", "--format=%an %s"], { cwd: attempt.workspace });
    expect(log.toString()).toContain("Coppice Claude Code say hi");
    expect(entries.map((entry) => entry.kind)).toEqual(
      expect.arrayContaining(["message", "text", "tool_call", "tool_result", "result"]),
    );
    const ids = requestsOf("all done").map((seen) => seen.headers["x-claude-code-session-id"]);
    expect(new Set(ids)).toEqual(new Set([run.context.nativeSessionId]));
  });

  it("resumes the same session, and counts each run's own cost", async () => {
    const first = makeAttempt();
    const one = await concludeOf(await runClaude(first, { prompt: script({ text: "one" }) }));
    const control = join(first.home, "attempts", "again", "1");
    mkdirSync(control, { recursive: true });
    const second = { ...first, control };
    const run = await runClaude(second, {
      prompt: script({ text: "two" }),
      context: {
        nativeSessionId: deriveUuid(first.mark.runId),
        attemptId: "another",
        isResume: true,
        sessionCostUsdBefore: one.sessionCostUsdAfter ?? 0,
      },
    });
    const two = await concludeOf(run);
    expect(two).toMatchObject({ reason: "completed", result: "two" });
    expect(two.usage.costUsd).toBeCloseTo(one.usage.costUsd ?? -1, 6);
    expect(two.sessionCostUsdAfter).toBeCloseTo(2 * (one.usage.costUsd ?? -1), 6);
    expect(JSON.stringify(requestsOf("two")[0]?.body)).toContain("one");
  });

  it("takes a message while it works, and reports when the model has read it", async () => {
    const attempt = makeAttempt();
    const gate = join(attempt.workspace, "gate");
    const run = await runClaude(attempt, {
      prompt: script(bash(`while [ ! -e ${gate} ]; do sleep 0.02; done`), { text: "first" }),
      onLine: (line, running) => {
        if (line.includes('"tool_use"')) {
          running.receive({ kind: "message", id: "m1", text: `${script({ text: "second" })}` });
        }
        if (line.includes('"state":"queued"') && line.includes(running.uuidOf("m1"))) {
          execFileSync("touch", [gate]);
        }
      },
    });
    const { conclusion, receipts } = await run.ended;
    expect(conclusion).toMatchObject({ reason: "completed", result: "second" });
    expect(receipts.map((receipt) => receipt.state)).toEqual(["queued", "read", "done"]);
  });

  it("stops by an interrupt and says so", async () => {
    const attempt = makeAttempt();
    const started = join(attempt.workspace, "started");
    const run = await runClaude(attempt, {
      prompt: script(bash(`touch ${started}; perl -e 'sleep 60'`), { text: "never" }),
    });
    await run.until(() => existsSync(started));
    run.receive({ kind: "interrupt", id: "i1" });
    const { conclusion, entries } = await run.ended;
    const story = JSON.stringify(entries.slice(1));
    expect(conclusion, story).toMatchObject({ reason: "cancelled_by_operator" });
  });

  it("refuses a tool that the workflow does not allow, and goes on", async () => {
    const attempt = makeAttempt();
    const run = await runClaude(attempt, {
      prompt: script(bash("perl -e 'open F, q(>forbidden)'"), { text: "without it" }),
      context: { allowedTools: null },
    });
    const { conclusion, entries } = await run.ended;
    expect(conclusion).toMatchObject({ reason: "completed", result: "without it" });
    expect(entries.filter((entry) => entry.kind === "permission_denied")).toHaveLength(1);
    expect(existsSync(join(attempt.workspace, "forbidden"))).toBe(false);
  });

  it("asks nobody in the sandbox where the workflow bypasses permissions", async (test) => {
    if (!(await probeIsolation()).bubblewrap) test.skip();
    const attempt = makeAttempt();
    const run = await runClaude(attempt, {
      prompt: script(bash("perl -e 'open F, q(>allowed)'"), { text: "with it" }),
      context: { allowedTools: null, permissions: "bypass" },
    });
    expect(await concludeOf(run)).toMatchObject({ reason: "completed", result: "with it" });
    expect(existsSync(join(attempt.workspace, "allowed"))).toBe(true);
  });

  it.each([
    { name: "the turn limit", limit: { maxTurns: 1 }, reason: "max_turns" },
    { name: "the budget", limit: { maxCostUsd: 0.0001 }, reason: "budget_spent" },
  ])("names $name as the reason when it is reached", async ({ limit, reason }) => {
    const run = await runClaude(makeAttempt(), {
      prompt: script(bash("echo a"), bash("echo b"), { text: "never" }),
      context: limit,
    });
    expect(await concludeOf(run)).toMatchObject({ reason });
  });

  it.each([
    { status: 400, errorType: "invalid_request_error", reason: "agent_error" },
    { status: 401, errorType: "authentication_error", reason: "agent_sign_in_needed" },
    { status: 429, errorType: "rate_limit_error", reason: "usage_limit" },
  ])("turns the provider's $status into $reason", async ({ status, errorType, reason }) => {
    const step = { status, errorType, message: "scripted refusal" };
    const ended = await concludeOf(await runClaude(makeAttempt(), { prompt: script(step) }));
    expect(ended.reason).toBe(reason);
    expect(ended.error).toBeTruthy();
  });

  it.each(["auto", "off"] as const)(
    "leaves no process when it is killed (sandbox %s)",
    async (sandbox) => {
      const attempt = makeAttempt();
      const started = join(attempt.workspace, "started");
      const run = await runClaude(attempt, {
        prompt: script(bash(`touch ${started}; setsid sleep 60`), { text: "never" }),
        sandbox,
      });
      await run.until(() => existsSync(started));
      const { survivors } = await endAgent({
        controlPath: attempt.control,
        mark: attempt.mark,
        graceSeconds: 0,
      });
      expect(survivors).toEqual([]);
      expect(await concludeOf(run)).toMatchObject({ reason: "no_terminal_event" });
      expect(findMarked(attempt.mark, { keeper: null })).toEqual([]);
      expect(readControl(attempt.control).exit?.signal).toBe("SIGKILL");
    },
  );

  it("sees no file of the host beside its own in the sandbox", async () => {
    const attempt = makeAttempt();
    const secret = join(attempt.home, "secret.txt");
    execFileSync("sh", ["-c", 'echo keep > "$1"', "sh", secret]);
    const look = `cat ${secret} ${attempt.control}/keeper; ls ${attempt.home}; touch /usr/x /etc/x`;
    const run = await runClaude(attempt, { prompt: script(bash(`${look}; true`), { text: "ok" }) });
    const { entries } = await run.ended;
    const result = entries.find((entry) => entry.kind === "tool_result");
    expect(result?.kind === "tool_result" && result.text).toMatch(/No such file/);
    expect(result?.kind === "tool_result" && result.text).toMatch(/Read-only file system/);
    expect(JSON.stringify(entries)).not.toContain("keep\\n");
  });
});
