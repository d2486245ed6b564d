import { describe, expect, it } from "vitest";
import { codex } from "./codex";
import type { CodexState } from "./codex-state";
import type { DriverContext, Step } from "./driver";
import { CodexTalk, codexContext, sentBy } from "./testing-codex";

describe("codex, told what to do", () => {
  it("gives the same launch and the same message ids for the same attempt, others for another", () => {
    expect(codex.launch(codexContext)).toEqual(codex.launch(codexContext));
    const idOf = (attemptId: string) => sentBy(new CodexTalk({ attemptId }))[3];
    expect(idOf("one")).toEqual(idOf("one"));
    expect(idOf("two")).not.toEqual(idOf("one"));
  });

  it("passes model and system prompt on, and keeps prompts out of the arguments", () => {
    const talk = new CodexTalk({ model: "m", systemPrompt: "Be brief." });
    const opening = sentBy(talk)[2];
    expect(opening).toMatchObject({
      method: "thread/start",
      params: { model: "m", developerInstructions: "Be brief.", sandbox: "danger-full-access" },
    });
    const { argv } = codex.launch({ ...codexContext, systemPrompt: "Be brief." });
    expect(argv.join(" ")).not.toMatch(/Do it|brief/);
  });

  it("lets Codex confine its commands where Coppice does not", () => {
    const paramsOf = (change: Partial<DriverContext>) => sentBy(new CodexTalk(change))[2]?.params;
    expect(paramsOf({ isSandboxed: false })).toMatchObject({
      sandbox: "workspace-write",
      approvalPolicy: "on-request",
      config: { "sandbox_workspace_write.writable_roots": ["/workspaces/demo/.git"] },
    });
    expect(paramsOf({ allowedTools: [] })).toMatchObject({ approvalPolicy: "on-request" });
    expect(paramsOf({ allowedTools: ["x"] })).toMatchObject({ approvalPolicy: "untrusted" });
  });

  it("says that it cannot watch a cost limit", () => {
    expect(new CodexTalk().entries).toHaveLength(1);
    const { entries } = new CodexTalk({ maxCostUsd: 1 });
    expect(entries[1]).toMatchObject({
      kind: "notice",
      text: expect.stringMatching(/cost limit .* is not watched/),
    });
  });

  it("keeps what is said before the turn has started, and steers it then", () => {
    const talk = new CodexTalk({}, "answered");
    talk.say("m1");
    talk.receive({ kind: "interrupt", id: "i" });
    expect(talk.methods()).toEqual([]);
    talk.start("turn-1");
    expect(talk.methods()).toEqual(["turn/interrupt"]);
    talk.end("turn-1", "interrupted");
    expect(talk.methods()).toEqual(["turn/interrupt", "turn/start"]);
    expect(talk.step.isInputOver).toBe(false);
    const other = new CodexTalk({}, "answered");
    other.say("m1");
    other.start("turn-1");
    expect(other.methods()).toEqual(["turn/steer"]);
  });

  it("begins another turn with a message that came too late to steer", () => {
    const talk = new CodexTalk();
    talk.say("m1");
    talk.end("turn-1");
    expect(talk.step.isInputOver).toBe(false);
    talk.refuse(4, "expected active turn id");
    expect(talk.methods()).toEqual(["turn/steer", "turn/start"]);
    talk.reply(5, { turn: { id: "turn-2" } });
    talk.start("turn-2");
    expect(talk.conclude().reason).toBe("no_terminal_event");
    talk.item({ type: "agentMessage", id: "a", text: "second" });
    talk.end("turn-2");
    expect(talk.step.isInputOver).toBe(true);
    expect(talk.conclude()).toMatchObject({ reason: "completed", result: "second" });
  });

  it("tells of a message that no turn took", () => {
    const talk = new CodexTalk();
    talk.say("m1");
    talk.reply(4, { turnId: "turn-1" });
    talk.end("turn-1", "failed", { message: "gone" });
    expect(talk.receipts).toEqual(
      ["queued", "dropped"].map((state) => ({ messageId: "m1", state })),
    );
    const refused = new CodexTalk({}, "asked");
    refused.say("m1");
    refused.refuse(3, "no credits");
    expect(refused.step).toMatchObject({ isTerminal: true, isInputOver: true });
    expect(refused.receipts).toEqual([{ messageId: "m1", state: "dropped" }]);
    expect(refused.conclude()).toMatchObject({
      reason: "agent_error",
      error: expect.stringMatching(/no credits/),
    });
  });

  it("says nothing more when its input is over", () => {
    const talk = new CodexTalk();
    talk.end("turn-1");
    const said = talk.replies.length;
    for (const step of [talk.say("late"), talk.receive({ kind: "interrupt", id: "i" })]) {
      expect(step).toMatchObject({ replies: [], entries: [], isInputOver: true });
    }
    expect(talk.replies).toHaveLength(said);
  });

  it("stops at the turn limit, but not at the answer that it was for", () => {
    const limited = new CodexTalk({ maxTurns: 2 });
    limited.usage(10);
    limited.note("item/started", { item: { type: "commandExecution", id: "c", command: "x" } });
    expect(limited.methods()).toEqual([]);
    limited.usage(20);
    expect(limited.methods()).toEqual(["turn/interrupt"]);
    limited.end("turn-1", "interrupted");
    expect(limited.conclude()).toMatchObject({
      reason: "max_turns",
      error: expect.stringMatching(/2 turns/),
    });
    expect(limited.step.isInputOver).toBe(true);
    const answered = new CodexTalk({ maxTurns: 1 });
    answered.usage(10);
    expect(answered.methods()).toEqual([]);
  });
});

describe("codex, read line by line", () => {
  it("answers questions of every kind, and refuses what it does not know", () => {
    const ask = (method: string, params: object, change: Partial<DriverContext> = {}) => {
      const { replies } = new CodexTalk(change).line({ id: "q", method, params });
      return JSON.parse(replies[0] ?? "{}");
    };
    const outside = { isSandboxed: false };
    const permissions = { network: { enabled: true } };
    const asked = (allowedTools: string[]) => ({
      permissions: ask(
        "item/permissions/requestApproval",
        { permissions },
        { allowedTools, ...outside },
      ),
      patch: ask("item/fileChange/requestApproval", { itemId: "i" }, { allowedTools, ...outside }),
      mcp: ask("mcpServer/elicitation/request", { serverName: "s" }, { allowedTools, ...outside }),
    });
    expect(asked([])).toEqual({
      permissions: { id: "q", result: { permissions: {}, scope: "turn" } },
      patch: { id: "q", result: { decision: "decline" } },
      mcp: { id: "q", result: { action: "decline", content: null, _meta: null } },
    });
    expect(asked(["request_permissions", "Edit", "mcp__s"])).toEqual({
      permissions: { id: "q", result: { permissions, scope: "turn" } },
      patch: { id: "q", result: { decision: "accept" } },
      mcp: { id: "q", result: { action: "accept", content: {}, _meta: null } },
    });
    expect(ask("item/fileChange/requestApproval", {})).toMatchObject({
      result: { decision: "accept" },
    });
    expect(ask("item/tool/requestUserInput", { questions: [{ id: "a" }] })).toMatchObject({
      result: { answers: {} },
    });
    expect(ask("attestation/generate", {})).toMatchObject({ error: { code: -32601 } });
  });

  it("hands an operator's words to a question of the agent", () => {
    const talk = new CodexTalk({ mayAsk: true });
    const params = { questions: [{ id: "colour", question: "Which?" }] };
    const { questions } = talk.line({ id: 7, method: "item/tool/requestUserInput", params });
    expect(questions).toMatchObject([{ questionId: "7", tool: "request_user_input" }]);
    const answer = { kind: "answer", id: "a", questionId: "7", isAllowed: true } as const;
    const { replies } = talk.receive({ ...answer, text: "green" });
    expect(JSON.parse(replies[0] ?? "")).toEqual({
      id: 7,
      result: { answers: { colour: { answers: ["green"] } } },
    });
    expect(talk.receive(answer).replies).toEqual([]);
  });

  it("forgets a question that Codex has settled itself", () => {
    const talk = new CodexTalk({ mayAsk: true, isSandboxed: false });
    talk.line({ id: 7, method: "item/commandExecution/requestApproval", params: { command: "x" } });
    talk.note("serverRequest/resolved", { requestId: 7 });
    const answer = { kind: "answer", id: "a", questionId: "7", isAllowed: true } as const;
    expect(talk.receive(answer).replies).toEqual([]);
  });

  it("shows calls of MCP tools, searches, plans and kinds it does not know", () => {
    const talk = new CodexTalk();
    const content = [{ type: "text", text: "found" }, { type: "image" }];
    const call = { type: "mcpToolCall", server: "docs", tool: "find", arguments: { q: 1 } };
    talk.item({ ...call, id: "1", status: "completed", result: { content } });
    talk.item({ ...call, id: "2", status: "failed", error: { message: "no such tool" } });
    talk.item({ type: "webSearch", id: "3", query: "coppice" });
    talk.item({ type: "dream", id: "4", of: "sheep", status: "completed" });
    talk.note("turn/plan/updated", {
      explanation: null,
      plan: [{ step: "one", status: "pending" }],
    });
    expect(talk.entries.slice(1)).toMatchObject([
      { kind: "tool_call", name: "mcp__docs__find", input: { q: 1 } },
      { kind: "tool_result", isError: false, text: "found\n[image]" },
      { kind: "tool_call", toolId: "2" },
      { kind: "tool_result", isError: true, text: "no such tool" },
      { kind: "tool_call", name: "web_search", input: { query: "coppice" } },
      { kind: "tool_result", toolId: "3" },
      { kind: "tool_call", name: "dream", input: { of: "sheep" } },
      { kind: "tool_result", toolId: "4" },
      { kind: "tool_call", name: "update_plan", input: { plan: [{ step: "one" }] } },
      { kind: "tool_result", toolId: "plan-1" },
    ]);
  });

  it("takes a conversation that one of its turns led to for a sub-agent's, any other for foreign", () => {
    const talk = new CodexTalk();
    const child = { threadId: "child", turn: { id: "c1", rootTurnId: "turn-1" } };
    talk.note("turn/started", child);
    talk.item({ type: "agentMessage", id: "a", text: "of the child" }, { threadId: "child" });
    talk.usage(5, "c1", "child");
    talk.note("turn/completed", { ...child, turn: { id: "c1", status: "failed" } });
    talk.item({ type: "agentMessage", id: "b", text: "its own" });
    talk.end("turn-1");
    expect(talk.conclude()).toMatchObject({ reason: "completed", result: "its own" });
    expect(talk.conclude().usage).toMatchObject({ inputTokens: 5, turns: null });
    const other = new CodexTalk();
    other.note("thread/status/changed", { threadId: "elsewhere" });
    expect(other.step.isTerminal).toBe(false);
    const turn = { id: "x", rootTurnId: "a turn of somebody else" };
    other.note("turn/started", { threadId: "elsewhere", turn });
    expect(other.step).toMatchObject({ isTerminal: true, isInputOver: true });
    other.end("turn-1");
    expect(other.conclude()).toMatchObject({
      reason: "session_id_changed",
      error: expect.stringMatching(/elsewhere/),
    });
  });

  it("does not begin in another conversation than the one it was to go on with", () => {
    const context = { ...codexContext, isResume: true, nativeSessionId: "wanted" };
    const greeting = codex.greet?.(context) as Step<CodexState>;
    const open = codex.readLine(greeting.state, JSON.stringify({ id: 1, result: {} }));
    const line = JSON.stringify({ id: 2, result: { thread: { id: "given" } } });
    const step = codex.readLine(open.state, line);
    expect(step).toMatchObject({ isTerminal: true });
    expect(step.nativeSessionId).toBeUndefined();
    const conclusion = codex.conclude(step.state, { code: 0, signal: null, tail: "" });
    expect(conclusion).toMatchObject({
      reason: "session_id_changed",
      error: expect.stringMatching(/given instead of wanted/),
    });
  });

  it.each([
    [{ message: "x", codexErrorInfo: "unauthorized" }, "agent_sign_in_needed"],
    [{ message: "x", codexErrorInfo: { any: { httpStatusCode: 403 } } }, "agent_sign_in_needed"],
    [{ message: "exceeded retry limit, last status: 429 Too Many Requests" }, "usage_limit"],
    [{ message: "x", codexErrorInfo: "sessionBudgetExceeded" }, "budget_spent"],
    [{ message: "x", codexErrorInfo: "other" }, "agent_error"],
  ])("reads the error %j as %s", (error, reason) => {
    const talk = new CodexTalk();
    talk.end("turn-1", "failed", error);
    expect(talk.conclude().reason).toBe(reason);
  });

  it("takes an interrupt that nobody asked for as an error, and a death without words as no end", () => {
    const talk = new CodexTalk();
    expect(talk.conclude().reason).toBe("no_terminal_event");
    talk.end("turn-1", "interrupted");
    expect(talk.conclude()).toMatchObject({
      reason: "agent_error",
      error: expect.stringMatching(/interrupted/),
    });
    const asked = new CodexTalk();
    asked.receive({ kind: "interrupt", id: "i" });
    expect(asked.conclude().reason).toBe("cancelled_by_operator");
  });

  it("names a line that is not JSON and goes on", () => {
    const { step } = new CodexTalk();
    for (const line of ["{half", "null", "[]", '"text"', "\u0000"]) {
      const after = codex.readLine(step.state, line);
      expect(after.entries).toEqual([expect.objectContaining({ kind: "notice" })]);
      expect(after.isTerminal).toBe(false);
    }
  });
});
