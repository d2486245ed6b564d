import { execFileSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { script, startModelServer } from "@/e2e/model-server.mjs";
import type { Conclusion } from "./driver";
import { endAgent, findMarked } from "./end-agent";
import { probeIsolation } from "./probe-isolation";
import { readControl } from "./read-control";
import type { TrialAttempt } from "./testing";
import { requireCodex, startRefusingProxy } from "./testing-codex-real";
import type { TrialRun } from "./testing-drive";
import { makeRealAttempt, nextAttempt, type RealTrial, runReal } from "./testing-real";
import { realCodex } from "./testing-real-agents";

const shell = (cmd: string) => ({ tool: "exec_command", input: { cmd } });

let model: Awaited<ReturnType<typeof startModelServer>>;
const attempts: TrialAttempt[] = [];

beforeAll(async () => {
  requireCodex();
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

const start = (attempt: TrialAttempt, trial: Omit<RealTrial, "modelUrl">): Promise<TrialRun> =>
  runReal(realCodex, attempt, { modelUrl: model.url, ...trial });

async function concludeOf(run: TrialRun): Promise<Conclusion> {
  return (await run.ended).conclusion;
}

const requestsOf = (text: string) =>
  model.requests.filter((request) => JSON.stringify(request.body ?? "").includes(text));

const resume = ({ nativeSessionId }: TrialRun) => ({ isResume: true, nativeSessionId });

describe("Codex, the real one", () => {
  it("says that a conversation is gone, and sends no prompt", async () => {
    const gone = "01a20441-9e45-7262-adb0-c2e308ce47ce";
    const run = await start(makeAttempt(), {
      prompt: script({ text: "never said" }),
      context: { isResume: true, nativeSessionId: gone },
    });
    expect(run.nativeSessionId).toBeNull();
    const conclusion = await concludeOf(run);
    expect(conclusion).toMatchObject({ reason: "agent_error" });
    expect(conclusion.error).toMatch(new RegExp(`${gone}.*Start a new session`));
    expect(requestsOf("never said")).toEqual([]);
  });

  it("begins another turn by what is said after an interrupt", async () => {
    const attempt = makeAttempt();
    const started = join(attempt.workspace, "started");
    const prompt = script(
      { thinking: "A command will do.", ...shell(`touch ${started}; perl -e 'sleep 60'`) },
      { text: "never" },
    );
    const run = await start(attempt, { prompt });
    await run.until(() => existsSync(started));
    run.receive({ kind: "interrupt", id: "i2" });
    run.receive({ kind: "message", id: "m1", text: script({ text: "something else" }) });
    const { conclusion, entries, receipts } = await run.ended;
    expect(entries[1]).toEqual({ kind: "thinking", text: "A command will do." });
    expect(conclusion).toMatchObject({ reason: "completed", result: "something else" });
    expect(receipts.map((receipt) => receipt.state)).toEqual(["read", "done"]);
  });

  it("keeps its commands to the workspace by itself where Coppice does not confine it", async () => {
    const attempt = makeAttempt();
    const outside = join(attempt.homePath, "outside");
    const run = await start(attempt, {
      prompt: script(
        shell(`touch ${outside}; echo x > inside; git add -A && git commit -qm inside`),
        { text: "done" },
      ),
      sandbox: "off",
    });
    expect(await concludeOf(run)).toMatchObject({ reason: "completed" });
    expect(existsSync(outside)).toBe(false);
    const log = execFileSync("git", ["log", "--format=%s"], { cwd: attempt.workspace });
    expect(log.toString()).toContain("inside");
  });

  it.each([
    { status: 401, errorType: "invalid_api_key", reason: "agent_sign_in_needed" },
    { status: 429, errorType: "usage_limit_reached", reason: "usage_limit" },
  ])("turns the provider's $status into $reason", async ({ status, errorType, reason }) => {
    const step = { status, errorType, message: "scripted refusal" };
    const ended = await concludeOf(await start(makeAttempt(), { prompt: script(step) }));
    expect(ended.reason).toBe(reason);
    expect(ended.error).toBeTruthy();
  });

  it("leaves no process when it is killed outside of the sandbox", async () => {
    const attempt = makeAttempt();
    const started = join(attempt.workspace, "started");
    const run = await start(attempt, {
      prompt: script(shell(`touch ${started}; setsid sleep 60`), { text: "never" }),
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

  it("goes on in the conversation of a killed attempt", async () => {
    const attempt = makeAttempt();
    const started = join(attempt.workspace, "started");
    const run = await start(attempt, {
      prompt: script(shell(`touch ${started}; perl -e 'sleep 60'`), { text: "never" }),
    });
    await run.until(() => existsSync(started));
    await endAgent({ controlPath: attempt.control, mark: attempt.mark, graceSeconds: 0 });
    await run.ended;
    const again = await start(nextAttempt(attempt, "again"), {
      prompt: script({ text: "went on" }),
      context: resume(run),
    });
    expect(await concludeOf(again)).toMatchObject({ reason: "completed", result: "went on" });
    expect(again.nativeSessionId).toBe(run.nativeSessionId);
  });

  it("sees no file of the host beside its own in the sandbox", async () => {
    const facts = await probeIsolation();
    if (!facts.bubblewrap) return expect(facts.why).toMatch(/bubblewrap/);
    const attempt = makeAttempt();
    const secret = join(attempt.home, "secret.txt");
    execFileSync("sh", ["-c", 'echo keep > "$1"', "sh", secret]);
    const look = `cat ${secret} ${attempt.control}/keeper; touch /usr/x /etc/x`;
    const run = await start(attempt, { prompt: script(shell(look), { text: "ok" }) });
    const { entries } = await run.ended;
    const result = entries.find((entry) => entry.kind === "tool_result");
    expect(result?.kind === "tool_result" && result.text).toMatch(/No such file/);
    expect(result?.kind === "tool_result" && result.text).toMatch(/Read-only file system/);
    expect(JSON.stringify(entries)).not.toContain("keep\\n");
  });

  it("calls nobody but the model", async () => {
    const proxy = await startRefusingProxy();
    const names = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"];
    const through = Object.fromEntries(names.map((name) => [name, proxy.url]));
    const run = await start(makeAttempt(), {
      prompt: script(shell("sleep 2"), { text: "alone" }),
      environment: { ...through, NO_PROXY: "127.0.0.1", no_proxy: "127.0.0.1" },
    });
    expect(await concludeOf(run)).toMatchObject({ reason: "completed", result: "alone" });
    proxy.close();
    expect(proxy.asked).toEqual([]);
  });
});
