import { describe, expect, it } from "vitest";
import { codexOptions, methodsOf, replayCodex as replay, sentBy } from "./testing-codex";
import { testConformance } from "./testing-conformance";
import { listFixtures, readFixture, replay as replayStream } from "./testing-replay";

const streams = listFixtures("codex-").sort();

const ends: [name: string, reason: string][] = [
  ["codex-app-server-approval", "completed"],
  ["codex-app-server-basic", "completed"],
  ["codex-app-server-interrupt", "completed"],
  ["codex-app-server-items", "completed"],
  ["codex-app-server-resume", "completed"],
  ["codex-app-server-steer", "completed"],
  ["codex-app-server-steer-read", "completed"],
  ["codex-app-server-sub-agent", "completed"],
  ["codex-app-server-error-400", "agent_error"],
  ["codex-app-server-error-401", "agent_sign_in_needed"],
  ["codex-app-server-usage-limit", "usage_limit"],
  ["codex-app-server-resume-unknown", "agent_error"],
];

const resume = (nativeSessionId: string) => ({ isResume: true, nativeSessionId });
const resuming: Record<string, ReturnType<typeof resume>> = {
  "codex-app-server-resume": resume("01a20456-616d-7e81-aa17-d7bd09132b5b"),
  "codex-app-server-resume-unknown": resume("01a20441-9e45-7262-adb0-c2e308ce47ce"),
};

describe("codex, as every driver", () => {
  const named = streams.filter((name) => !name.endsWith("-unknown"));
  testConformance(named.map((name) => [name, codexOptions(name, resuming[name])]));
});

describe("codex over the recorded streams", () => {
  it("covers every recorded stream", () => {
    expect(streams).toEqual(ends.map(([name]) => name).sort());
  });

  it.each(ends)("%s ends as %s", (name, reason) => {
    const { conclusion, isInputOver } = replay(name, resuming[name]);
    expect(conclusion.reason).toBe(reason);
    expect(isInputOver).toBe(true);
  });

  it("says the prompt only after the conversation was named, in one order", () => {
    const { replies, state } = replay("codex-app-server-basic");
    expect(methodsOf({ replies })).toEqual([
      "initialize",
      "initialized",
      "thread/start",
      "turn/start",
    ]);
    expect(state.threadId).toBe("01a20302-0046-7d21-9e11-c819813a75b6");
    const [, , start, turn] = sentBy({ replies });
    expect(start?.params).toMatchObject({ cwd: "/workspaces/demo", approvalPolicy: "on-request" });
    expect(turn?.params).toMatchObject({ threadId: state.threadId, input: [{ text: "Do it." }] });
  });

  it("answers what was asked during the greeting after it, and once", () => {
    const options = codexOptions("codex-app-server-basic");
    const line = { id: 5, method: "attestation/generate", params: {} };
    const [first, ...rest] = options.recorded.filter(({ io }) => io === "out");
    if (!first) throw new Error("the recording is empty");
    const { replies } = replayStream({
      ...options,
      recorded: [first, { io: "out", line }, ...rest],
    });
    expect(sentBy({ replies }).map(({ method, id }) => method ?? id)).toEqual([
      ...["initialize", "initialized", "thread/start", "turn/start", 5],
    ]);
  });

  it("reads the plain run: what was said, done, answered and used", () => {
    const { entries, conclusion } = replay("codex-app-server-basic");
    expect(entries.map(({ kind }) => kind)).toEqual([
      "message",
      "tool_call",
      "tool_result",
      "text",
      "result",
    ]);
    expect(entries[1]).toMatchObject({
      name: "exec_command",
      toolId: "call_ut2ob6iiz1",
      input: { command: "/bin/bash -lc 'echo hi > app.txt'" },
    });
    expect(entries[2]).toMatchObject({ toolId: "call_ut2ob6iiz1", isError: false, text: "" });
    expect(conclusion).toMatchObject({
      reason: "completed",
      result: "done",
      error: null,
      usage: { inputTokens: 200, outputTokens: 40, cachedTokens: 0, costUsd: null, turns: 2 },
      sessionCostUsdAfter: null,
    });
  });

  it("cut anywhere before the end of its turn, is never a success", () => {
    for (const name of streams.filter((stream) => !stream.endsWith("-unknown"))) {
      const { threadId } = replay(name, resuming[name]).state;
      const outs = readFixture(name).filter(({ io }) => io === "out");
      const lines = outs.findLastIndex(({ line }) => {
        const { method, params } = line as { method: string; params: { threadId: string } };
        return method === "turn/completed" && params.threadId === threadId;
      });
      for (let upTo = 0; upTo < lines; upTo++) {
        const { conclusion } = replay(name, resuming[name], upTo);
        expect(conclusion.reason, `${name} after ${upTo} lines`).not.toBe("completed");
      }
    }
  });

  it("steers the turn that goes on, and begins the next one after an interrupt", () => {
    const steered = replay("codex-app-server-steer");
    expect(methodsOf(steered).slice(4)).toEqual(["turn/steer"]);
    expect(steered.receipts[0]).toEqual({ messageId: "m4", state: "queued" });
    expect(steered.conclusion.result).toBe("end of second");
    const interrupted = replay("codex-app-server-interrupt");
    expect(methodsOf(interrupted).slice(4)).toEqual(["turn/interrupt", "turn/start"]);
    expect(interrupted.entries).toContainEqual(
      expect.objectContaining({ kind: "result", isError: true, reason: "interrupted" }),
    );
    expect(interrupted.conclusion.result).toBe("after interrupt");
    expect(interrupted.conclusion.usage).toMatchObject({ inputTokens: 200, turns: 2 });
  });

  it("reads patches, reasoning and failed commands", () => {
    const { entries } = replay("codex-app-server-items");
    expect(entries.map(({ kind }) => kind)).toEqual([
      ...["message", "thinking", "text", "tool_call", "tool_result"],
      ...["tool_call", "tool_result", "text", "result"],
    ]);
    expect(entries[1]).toMatchObject({ text: "I should patch." });
    expect(entries[3]).toMatchObject({
      name: "apply_patch",
      input: { path: "patched.txt", changes: [{ path: "patched.txt", kind: "add", diff: "hi\n" }] },
    });
    expect(entries[6]).toMatchObject({ isError: true, text: "out\nerr\n[exit code 3]" });
  });

  it("counts for a resumed run what this run used, not the conversation", () => {
    const { conclusion, replies } = replay(
      "codex-app-server-resume",
      resuming["codex-app-server-resume"],
    );
    expect(methodsOf({ replies })).toContain("thread/resume");
    expect(conclusion.usage).toMatchObject({ inputTokens: 100, outputTokens: 20, turns: 1 });
  });

  it("says which conversation cannot be gone on with, and sends no prompt", () => {
    const name = "codex-app-server-resume-unknown";
    const { conclusion, replies } = replay(name, resuming[name]);
    expect(conclusion.error).toMatch(/01a20441-9e45-.* no rollout found .* Start a new session/);
    expect(methodsOf({ replies })).not.toContain("turn/start");
  });

  it("gives the provider's words as the error, and tells of each try", () => {
    expect(replay("codex-app-server-error-400").conclusion.error).toBe("scripted bad request");
    const { entries, conclusion } = replay("codex-app-server-error-401");
    expect(conclusion.error).toMatch(/^unexpected status 401 Unauthorized: bad key/);
    expect(entries.filter(({ kind }) => kind === "notice")).toHaveLength(5);
    expect(entries.filter(({ kind }) => kind === "error")).toHaveLength(1);
    expect(entries.at(-1)).toMatchObject({ kind: "result", isError: true, text: null });
  });

  it("tells what became of a message: handed over, read, done", () => {
    const { receipts } = replay("codex-app-server-steer-read");
    expect(receipts).toEqual(
      ["queued", "read", "done"].map((state) => ({ messageId: "m4", state })),
    );
  });

  it("shows a sub-agent's work under the call that began it, and counts what it used", () => {
    const { entries, conclusion } = replay("codex-app-server-sub-agent");
    const [spawned] = entries.filter((entry) => entry.kind === "tool_call");
    expect(spawned).toMatchObject({ name: "spawn_agent", input: { agent: "/root/child" } });
    const inner = entries.filter((entry) => "parentToolId" in entry);
    expect(new Set(inner.map((entry) => "parentToolId" in entry && entry.parentToolId))).toEqual(
      new Set([spawned?.toolId]),
    );
    expect(inner.map(({ kind }) => kind)).toContain("tool_call");
    expect(conclusion).toMatchObject({ reason: "completed", result: "parent done" });
    expect(conclusion.usage.turns).toBe(3);
    expect(conclusion.usage.inputTokens).toBeGreaterThan(300);
  });

  it("answers each question by the workflow's list, and says what it refused", () => {
    const decisionsOf = (allowedTools: string[] | null, isSandboxed = false) => {
      const change = { allowedTools, isSandboxed };
      const replayed = replay("codex-app-server-approval", change);
      const answers = sentBy(replayed).filter((line) => "result" in line);
      const denied = replayed.entries.filter(({ kind }) => kind === "permission_denied");
      return [answers.map(({ id, result }) => [id, result]), denied.length];
    };
    const both = (decision: string) => [0, 1].map((id) => [id, { decision }]);
    expect(decisionsOf(null)).toEqual([both("decline"), 2]);
    expect(decisionsOf(null, true)).toEqual([both("accept"), 0]);
    expect(decisionsOf(["Read"], true)).toEqual([both("decline"), 2]);
    expect(decisionsOf(["exec_command"])).toEqual([both("accept"), 0]);
    expect(decisionsOf(["Bash"], true)).toEqual([both("accept"), 0]);
  });

  it("hands a question to an operator who can be asked, and takes the answer once", () => {
    const options = codexOptions("codex-app-server-approval", {
      mayAsk: true,
      isSandboxed: false,
    });
    const outs = options.recorded.filter(({ io }) => io === "out").map(({ line }) => line);
    const askedAfter =
      1 + outs.findIndex((line) => JSON.stringify(line).includes("requestApproval"));
    const answer = { kind: "answer", id: "a", questionId: "0", isAllowed: true } as const;
    const inputs = [0, 0].map(() => ({ afterLines: askedAfter, input: answer }));
    const { questions, replies } = replayStream({ ...options, inputs });
    expect(questions).toMatchObject([
      {
        questionId: "0",
        tool: "exec_command",
        input: { command: "/bin/bash -lc 'echo ok > appr1.txt'" },
      },
      { questionId: "1", tool: "exec_command" },
    ]);
    const answers = sentBy({ replies }).filter((line) => "result" in line);
    expect(answers).toEqual([{ id: 0, result: { decision: "accept" } }]);
  });
});
