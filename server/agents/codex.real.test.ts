import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { script, startModelServer } from "@/e2e/model-server.mjs";
import type { Conclusion } from "./driver";
import { endAgent, findMarked } from "./end-agent";
import { probeIsolation } from "./probe-isolation";
import { readControl } from "./read-control";
import type { TrialAttempt } from "./testing";
import {
  type CodexTrial,
  makeCodexAttempt,
  nextAttempt,
  requireCodex,
  runCodex,
  startRefusingProxy,
} from "./testing-codex-real";
import type { TrialRun } from "./testing-drive";

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
  const attempt = makeCodexAttempt();
  attempts.push(attempt);
  return attempt;
}

const start = (attempt: TrialAttempt, trial: Omit<CodexTrial, "modelUrl">): Promise<TrialRun> =>
  runCodex(attempt, { modelUrl: model.url, ...trial });

async function concludeOf(run: TrialRun): Promise<Conclusion> {
  return (await run.ended).conclusion;
}

const requestsOf = (text: string) =>
  model.requests.filter((request) => JSON.stringify(request.body ?? "").includes(text));

const resume = ({ nativeSessionId }: TrialRun) => ({ isResume: true, nativeSessionId });

describe("Codex, the real one", () => {
  it("writes a file and commits it, under the one id that it gave before its prompt", async () => {
    const attempt = makeAttempt();
    const patch = "*** Begin Patch\n*** Add File: hello.txt\n+hi\n*** End Patch";
    const run = await start(attempt, {
      prompt: script(
        { thinking: "A patch will do.", text: "Writing.", tool: "apply_patch", input: patch },
        shell("rm -f nothing; git add -A && git commit -qm 'say hi' && echo $CODEX_THREAD_ID"),
        { text: "all done" },
      ),
    });
    expect(run.nativeSessionId).toMatch(/^[0-9a-f-]{36}$/);
    const { conclusion, entries } = await run.ended;
    expect(conclusion).toMatchObject({ reason: "completed", result: "all done", error: null });
    expect(conclusion.usage).toMatchObject({ inputTokens: 300, outputTokens: 60, turns: 3 });
    expect(readFileSync(join(attempt.workspace, "hello.txt"), "utf8")).toBe("hi\n");
    const log = execFileSync("git", ["log", "--format=%an %s"], { cwd: attempt.workspace });
    expect(log.toString()).toContain("Coppice Codex say hi");
    expect(entries.map((entry) => entry.kind)).toEqual([
      ...["message", "thinking", "text", "tool_call", "tool_result", "tool_call", "tool_result"],
      ...["text", "result"],
    ]);
    expect(entries[6]).toMatchObject({ text: `${run.nativeSessionId}\n` });
    const ids = requestsOf("all done").map((seen) => seen.headers["session-id"]);
    expect(new Set(ids)).toEqual(new Set([run.nativeSessionId]));
    expect(JSON.stringify(requestsOf("all done")[0]?.body)).toContain("You are tested.");
  });

  it("resumes the same conversation, also in a workspace that was made again", async () => {
    const first = makeAttempt();
    const one = await start(first, { prompt: script({ text: "one" }) });
    expect(await concludeOf(one)).toMatchObject({ result: "one" });
    const two = await start(nextAttempt(first, "second"), {
      prompt: script({ text: "two" }),
      context: resume(one),
    });
    const second = await concludeOf(two);
    expect(second).toMatchObject({ reason: "completed", result: "two" });
    expect(second.usage).toMatchObject({ inputTokens: 100, outputTokens: 20, turns: 1 });
    rmSync(first.workspace, { recursive: true });
    mkdirSync(first.workspace);
    const three = await start(nextAttempt(first, "third"), {
      prompt: script(shell("pwd > here"), { text: "three" }),
      context: resume(one),
    });
    expect(await concludeOf(three)).toMatchObject({ reason: "completed", result: "three" });
    expect(readFileSync(join(first.workspace, "here"), "utf8").trim()).toBe(first.workspace);
    expect([two.nativeSessionId, three.nativeSessionId]).toEqual([
      one.nativeSessionId,
      one.nativeSessionId,
    ]);
    const last = JSON.stringify(requestsOf("three")[0]?.body);
    for (const earlier of ["one", "two"]) expect(last).toContain(earlier);
  });

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

  it("takes a message while it works, and reports when the model has read it", async () => {
    const attempt = makeAttempt();
    const gate = join(attempt.workspace, "gate");
    let isSaid = false;
    const run = await start(attempt, {
      prompt: script(shell(`while [ ! -e ${gate} ]; do sleep 0.02; done`), { text: "first" }),
      onLine: (line, running) => {
        if (!isSaid && line.includes('"commandExecution"')) {
          isSaid = true;
          running.receive({ kind: "message", id: "m1", text: script({ text: "second" }) });
        }
        // The reply to the steering: Codex has the message.
        if (line.includes('"result":{"turnId"')) execFileSync("touch", [gate]);
      },
    });
    const { conclusion, receipts } = await run.ended;
    expect(conclusion).toMatchObject({ reason: "completed", result: "second" });
    expect(receipts.map((receipt) => receipt.state)).toEqual(["queued", "read", "done"]);
  });

  it("stops by an interrupt and says so; what is said after it begins another turn", async () => {
    const attempt = makeAttempt();
    const started = join(attempt.workspace, "started");
    const prompt = script(shell(`touch ${started}; perl -e 'sleep 60'`), { text: "never" });
    const run = await start(attempt, { prompt });
    await run.until(() => existsSync(started));
    run.receive({ kind: "interrupt", id: "i1" });
    expect(await concludeOf(run)).toMatchObject({ reason: "cancelled_by_operator" });
    rmSync(started);
    const again = await start(nextAttempt(attempt, "again"), { prompt, context: resume(run) });
    await again.until(() => existsSync(started));
    again.receive({ kind: "interrupt", id: "i2" });
    again.receive({ kind: "message", id: "m1", text: script({ text: "something else" }) });
    const { conclusion, receipts } = await again.ended;
    expect(conclusion).toMatchObject({ reason: "completed", result: "something else" });
    expect(receipts.map((receipt) => receipt.state)).toEqual(["read", "done"]);
  });

  it("is stopped at the turn limit", async () => {
    const run = await start(makeAttempt(), {
      prompt: script(shell("echo a"), shell("echo b; sleep 0.2"), { text: "never" }),
      context: { maxTurns: 1 },
    });
    expect(await concludeOf(run)).toMatchObject({ reason: "max_turns" });
  });

  it("runs what the workflow lists, refuses the rest, and goes on", async () => {
    const attempt = makeAttempt();
    const patch = "*** Begin Patch\n*** Add File: allowed.txt\n+hi\n*** End Patch";
    const run = await start(attempt, {
      prompt: script(
        shell("touch forbidden"),
        { tool: "apply_patch", input: patch },
        { text: "without it" },
      ),
      context: { allowedTools: ["apply_patch"] },
    });
    const { conclusion, entries } = await run.ended;
    expect(conclusion).toMatchObject({ reason: "completed", result: "without it" });
    expect(entries.filter((entry) => entry.kind === "permission_denied")).toHaveLength(1);
    expect(existsSync(join(attempt.workspace, "forbidden"))).toBe(false);
    expect(existsSync(join(attempt.workspace, "allowed.txt"))).toBe(true);
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
    { status: 400, errorType: "invalid_request_error", reason: "agent_error" },
    { status: 401, errorType: "invalid_api_key", reason: "agent_sign_in_needed" },
    { status: 429, errorType: "usage_limit_reached", reason: "usage_limit" },
  ])("turns the provider's $status into $reason", async ({ status, errorType, reason }) => {
    const step = { status, errorType, message: "scripted refusal" };
    const ended = await concludeOf(await start(makeAttempt(), { prompt: script(step) }));
    expect(ended.reason).toBe(reason);
    expect(ended.error).toBeTruthy();
  });

  it.each(["auto", "off"] as const)(
    "leaves no process when it is killed (sandbox %s)",
    async (sandbox) => {
      const attempt = makeAttempt();
      const started = join(attempt.workspace, "started");
      const run = await start(attempt, {
        prompt: script(shell(`touch ${started}; setsid sleep 60`), { text: "never" }),
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
