import { describe, expect, it } from "vitest";
import { AcpTalk, acpOptions } from "./testing-acp";
import { testConformance } from "./testing-conformance";
import { listFixtures, replay } from "./testing-replay";

const replayAcp = (...options: Parameters<typeof acpOptions>) => replay(acpOptions(...options));
const kindsOf = ({ entries }: { entries: { kind: string }[] }) => entries.map(({ kind }) => kind);

describe("the recorded streams of ACP agents", () => {
  testConformance(listFixtures("acp-").map((name) => [name, acpOptions(name)]));

  it("gives Gemini CLI's tool from its question, and joins its texts", () => {
    const read = replayAcp("acp-gemini-basic");
    expect(kindsOf(read)).toEqual([
      ...["message", "text", "tool_call", "tool_result", "text", "result"],
    ]);
    expect(read.entries[2]).toMatchObject({
      name: "run_shell_command",
      input: { command: "echo hi > acp.txt" },
    });
    expect(read.conclusion).toMatchObject({
      reason: "completed",
      result: "done",
      usage: { inputTokens: 200, outputTokens: 40, costUsd: null, turns: null },
    });
    expect(read.isInputOver).toBe(true);
  });

  it("refuses Gemini CLI what the workflow does not list, and goes on", () => {
    const read = replayAcp("acp-gemini-perm", { allowedTools: ["write_file"] });
    expect(kindsOf(read)).toEqual([
      ...["message", "permission_denied", "permission_denied", "text", "result"],
    ]);
    const answers = read.replies.filter((line) => line.includes("optionId"));
    expect(answers.map((line) => JSON.parse(line).result.outcome.optionId)).toEqual([
      "cancel",
      "cancel",
    ]);
  });

  it("waits for opencode's input before it writes its call down, and takes its cost", () => {
    const read = replayAcp("acp-opencode-basic", { sessionCostUsdBefore: 0.0002 });
    expect(read.entries[2]).toMatchObject({
      kind: "tool_call",
      name: "bash",
      input: { command: "echo hi > acp.txt" },
    });
    expect(read.entries[3]).toMatchObject({ kind: "tool_result", text: "(no output)" });
    expect(read.conclusion.usage.costUsd).toBeCloseTo(0.001, 6);
    expect(read.conclusion).toMatchObject({
      sessionCostUsdAfter: 0.0012,
      usage: { inputTokens: null },
    });
  });

  it("sends opencode a message at once, which ends with the prompt that it joined", () => {
    const read = replayAcp("acp-opencode-inject");
    expect(read.receipts).toEqual([
      { messageId: "m4", state: "queued" },
      { messageId: "m4", state: "read" },
      { messageId: "m4", state: "done" },
    ]);
    expect(kindsOf(read).filter((kind) => kind === "result")).toHaveLength(1);
    expect(read.conclusion).toMatchObject({ reason: "completed", result: "end of second" });
  });

  it("interrupts, and begins the next prompt when the first has ended", () => {
    const read = replayAcp("acp-codex-cancel");
    expect(read.receipts.map(({ state }) => state)).toEqual(["queued", "read", "done"]);
    const results = read.entries.flatMap((entry) =>
      entry.kind === "result" ? [entry.reason] : [],
    );
    expect(results).toEqual(["cancelled", "end_turn"]);
    expect(read.conclusion).toMatchObject({ reason: "completed", result: "after cancel" });
  });

  it("names a tool of Claude's adapter as Claude does", () => {
    const { entries } = replayAcp("acp-claude-basic");
    expect(entries[2]).toMatchObject({ name: "Bash", input: { command: "echo hi > acp.txt" } });
    expect(entries[3]).toMatchObject({ text: "(Bash completed with no output)" });
  });
});

const call = { toolCallId: "t1", title: "rm x", kind: "execute", rawInput: { command: "rm x" } };
const chosen = (talk: AcpTalk) =>
  talk.said().flatMap(({ result }) => (result ? [(result as { outcome: object }).outcome] : []));

describe("what an ACP agent asks", () => {
  it("is allowed in the sandbox where the workflow lists no tools", () => {
    const talk = new AcpTalk();
    talk.ask(7, call);
    expect(chosen(talk)).toEqual([{ outcome: "selected", optionId: "once" }]);
  });

  it("is allowed by its own name, its kind, or Claude Code's name, and refused otherwise", () => {
    for (const [tools, optionId] of [
      [["rm"], "no"],
      [["execute"], "once"],
      [["Bash"], "once"],
      [["Write"], "no"],
    ] as const) {
      const talk = new AcpTalk({ allowedTools: [...tools] });
      talk.ask(7, call);
      expect(chosen(talk), tools[0]).toEqual([{ outcome: "selected", optionId }]);
    }
  });

  it("is refused outside of the sandbox, but for reading and editing", () => {
    const talk = new AcpTalk({ isSandboxed: false });
    talk.ask(7, call);
    talk.ask(8, { toolCallId: "t2", kind: "edit", title: "x" });
    talk.ask(9, { toolCallId: "t3", kind: "read", title: "x" });
    expect(chosen(talk)).toMatchObject([
      { optionId: "no" },
      { optionId: "once" },
      { optionId: "once" },
    ]);
  });

  it("is asked of an operator where one can be asked, and the answer is passed on once", () => {
    const talk = new AcpTalk({ permissions: "ask", mayAsk: true });
    talk.ask(7, { toolCallId: "t2", kind: "edit", title: "Writing to x" });
    expect(talk.questions).toMatchObject([{ questionId: "7", tool: "edit" }]);
    expect(chosen(talk)).toEqual([]);
    talk.receive({ kind: "answer", id: "a", questionId: "7", isAllowed: false, text: "Not now." });
    talk.receive({ kind: "answer", id: "b", questionId: "7", isAllowed: true });
    expect(chosen(talk)).toEqual([{ outcome: "selected", optionId: "no" }]);
    expect(talk.entries.at(-2)).toMatchObject({ kind: "permission_denied", reason: "Not now." });
    expect(talk.entries.at(-1)).toMatchObject({ kind: "tool_result", isError: true });
  });

  it("gets the answer “cancelled” when it is interrupted meanwhile, before the cancel", () => {
    const talk = new AcpTalk({ permissions: "ask", mayAsk: true });
    talk.ask(7, call);
    talk.receive({ kind: "interrupt", id: "i" });
    expect(talk.methods().slice(1)).toEqual([
      { outcome: { outcome: "cancelled" } },
      "session/cancel",
    ]);
    expect(talk.settled).toEqual(["7"]);
    talk.end(3, "cancelled");
    expect(talk.conclude()).toMatchObject({ reason: "cancelled_by_operator" });
  });

  it("is told that Coppice reads and writes no files for it", () => {
    const talk = new AcpTalk();
    talk.line({ id: 9, method: "fs/write_text_file", params: { sessionId: "session-1" } });
    expect(talk.said().at(-1)).toMatchObject({ id: 9, error: { code: -32601 } });
  });
});

describe("messages for an ACP agent", () => {
  const others = { command: "another-agent" };

  it("wait for the prompt's end, one after the other, in the same process", () => {
    const talk = new AcpTalk(others);
    talk.say("m1");
    talk.say("m2");
    expect(talk.methods()).toEqual(["session/prompt"]);
    expect(talk.step.isInputOver).toBe(false);
    talk.text("first");
    talk.end(3);
    expect(talk.methods()).toEqual(["session/prompt", "session/prompt"]);
    talk.text("second");
    talk.end(4);
    talk.end(5);
    expect(talk.step.isInputOver).toBe(true);
    expect(talk.receipts.map(({ messageId, state }) => `${messageId} ${state}`)).toEqual([
      ...["m1 queued", "m2 queued", "m1 read", "m1 done", "m2 read", "m2 done"],
    ]);
    expect(talk.conclude()).toMatchObject({ reason: "completed" });
  });

  it("are dropped when the budget is spent", () => {
    const talk = new AcpTalk({ ...others, maxCostUsd: 0.5 });
    talk.say("m1");
    talk.update({ sessionUpdate: "usage_update", cost: { amount: 0.6, currency: "USD" } });
    expect(talk.methods()).toEqual(["session/prompt", "session/cancel"]);
    talk.end(3, "cancelled");
    expect(talk.receipts.at(-1)).toEqual({ messageId: "m1", state: "dropped" });
    expect(talk.conclude()).toMatchObject({ reason: "budget_spent", usage: { costUsd: 0.6 } });
  });

  it("are asked for after an interrupt that keeps the agent", () => {
    const talk = new AcpTalk(others);
    talk.receive({ kind: "interrupt", id: "i", isPause: true });
    talk.end(3, "cancelled");
    expect(talk.questions).toMatchObject([{ questionId: "next-message-1", needsWords: true }]);
    expect(talk.step.isInputOver).toBe(false);
    talk.say("m1");
    expect(talk.settled).toEqual(["next-message-1"]);
    talk.end(4);
    expect(talk.step.isInputOver).toBe(true);
    expect(talk.conclude()).toMatchObject({ reason: "completed" });
  });
});

describe("an ACP agent's conversation", () => {
  const before = { isResume: true, nativeSessionId: "session-1" };

  it.each([
    ["session/resume", { loadSession: true, sessionCapabilities: { resume: {} } }],
    ["session/load", { loadSession: true }],
  ])(
    "goes on by %s where the agent offers it, and old updates are not this run's",
    (method, can) => {
      const talk = new AcpTalk({ command: "another-agent", ...before }, can);
      expect(JSON.parse(talk.replies[1] ?? "")).toMatchObject({
        method,
        params: { sessionId: "session-1" },
      });
      talk.text("new");
      talk.end(3);
      expect(talk.entries.map(({ kind }) => kind)).toEqual(["message", "text", "result"]);
      expect(talk.entries[1]).toEqual({ kind: "text", text: "new" });
    },
  );

  it("begins anew, and says so, where the agent cannot go on or would lose it", () => {
    for (const [command, can] of [
      ["another-agent", {}],
      ["gemini --acp", { loadSession: true }],
    ] as const) {
      const talk = new AcpTalk({ ...before, command, nativeSessionId: "older" }, can);
      expect(JSON.parse(talk.replies[1] ?? "")).toMatchObject({ method: "session/new" });
      expect(talk.step.state.sessionId).toBe("session-1");
      expect(talk.entries[0]).toMatchObject({ text: expect.stringMatching(/begins a new one/) });
    }
  });

  it("cannot be opened by another version of the protocol, or without a sign-in", () => {
    const old = new AcpTalk({}, {}, "opening");
    old.reply(1, { protocolVersion: 2 });
    expect(old.conclude()).toMatchObject({ error: expect.stringMatching(/speaks version 2/) });
    const unknown = new AcpTalk({}, {}, "opening");
    unknown.reply(1, { protocolVersion: 1 });
    unknown.refuse(2, { code: -32000, message: "Authentication required" });
    expect(unknown.step.isTerminal).toBe(true);
    expect(unknown.conclude()).toMatchObject({ reason: "agent_sign_in_needed" });
    expect(unknown.methods()).toEqual([]);
  });

  it("is the only one: a line of another ends the run by name", () => {
    const talk = new AcpTalk();
    talk.update({ sessionUpdate: "plan", entries: [] }, "another");
    expect(talk.step.isTerminal).toBe(true);
    expect(talk.conclude()).toMatchObject({ reason: "session_id_changed" });
  });
});
