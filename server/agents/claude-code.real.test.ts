import { execFileSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { script, startModelServer } from "@/e2e/model-server.mjs";
import { deriveUuid } from "./derive-uuid";
import type { Conclusion } from "./driver";
import { endAgent, findMarked } from "./end-agent";
import { probeIsolation } from "./probe-isolation";
import { readControl } from "./read-control";
import type { TrialAttempt } from "./testing";
import type { TrialRun } from "./testing-drive";
import {
  makeRealAttempt,
  nextAttempt,
  type RealTrial,
  requireProgram,
  runReal,
} from "./testing-real";
import { realClaude } from "./testing-real-agents";

const bash = (command: string) => ({ tool: "Bash", input: { command, description: "x" } });

type Model = Awaited<ReturnType<typeof startModelServer>>;
let model: Model;
const attempts: TrialAttempt[] = [];

beforeAll(async () => {
  requireProgram(realClaude, "Run “npm test”, which installs it.");
  model = await startModelServer();
});
afterAll(async () => {
  await model?.close();
  for (const attempt of attempts) rmSync(attempt.home, { recursive: true, force: true });
});

function makeAttempt(): TrialAttempt {
  const attempt = makeRealAttempt();
  attempts.push(attempt);
  return attempt;
}

const runClaude = (attempt: TrialAttempt, trial: Omit<RealTrial, "modelUrl">) =>
  runReal(realClaude, attempt, { modelUrl: model.url, ...trial });

async function concludeOf(run: TrialRun): Promise<Conclusion> {
  return (await run.ended).conclusion;
}

const requestsOf = (text: string) =>
  model.requests.filter((request) => JSON.stringify(request.body ?? "").includes(text));

describe("Claude Code, the real one", () => {
  it("resumes the same session, and counts each run's own cost", async () => {
    const first = makeAttempt();
    const one = await concludeOf(await runClaude(first, { prompt: script({ text: "one" }) }));
    const run = await runClaude(nextAttempt(first, "another"), {
      prompt: script({ text: "two" }),
      context: {
        nativeSessionId: deriveUuid(first.mark.runId),
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

  it("names the budget as the reason when it is spent", async () => {
    const run = await runClaude(makeAttempt(), {
      prompt: script(bash("echo a"), bash("echo b"), { text: "never" }),
      context: { maxCostUsd: 0.0001 },
    });
    expect(await concludeOf(run)).toMatchObject({ reason: "budget_spent" });
  });

  it.each([
    { status: 401, errorType: "authentication_error", reason: "agent_sign_in_needed" },
    { status: 429, errorType: "rate_limit_error", reason: "usage_limit" },
  ])("turns the provider's $status into $reason", async ({ status, errorType, reason }) => {
    const step = { status, errorType, message: "scripted refusal" };
    const ended = await concludeOf(await runClaude(makeAttempt(), { prompt: script(step) }));
    expect(ended.reason).toBe(reason);
    expect(ended.error).toBeTruthy();
  });

  it("leaves no process when it is killed outside of the sandbox", async () => {
    const attempt = makeAttempt();
    const started = join(attempt.workspace, "started");
    const run = await runClaude(attempt, {
      prompt: script(bash(`touch ${started}; setsid sleep 60`), { text: "never" }),
      sandbox: "off",
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
  });

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
