import { describe, expect, it } from "vitest";
import { AcpTalk } from "./testing-acp";

describe("the end of an ACP agent's prompt", () => {
  it.each([
    ["end_turn", "completed"],
    ["max_turn_requests", "max_turns"],
    ["max_tokens", "agent_error"],
    ["refusal", "agent_error"],
    ["cancelled", "agent_error"],
    ["something_else", "agent_error"],
  ])("as %s is %s", (stopReason, reason) => {
    const talk = new AcpTalk();
    talk.text("so far");
    talk.end(3, stopReason);
    expect(talk.conclude().reason).toBe(reason);
    expect(talk.step.isTerminal).toBe(true);
  });

  it.each([
    [
      { code: 401, message: '{"error":{"message":"no","status":"UNAUTHENTICATED"}}' },
      "agent_sign_in_needed",
      "no",
    ],
    [{ code: 429, message: "slow down" }, "usage_limit", "slow down"],
    [
      { code: -32603, message: "Internal error: invalid x-api-key" },
      "agent_sign_in_needed",
      /x-api-key/,
    ],
    [
      {
        code: -32603,
        message: "Internal error",
        data: { details: "you have hit your usage limit" },
      },
      "usage_limit",
      /usage limit/,
    ],
    [{ code: -32603, message: "Internal error" }, "agent_error", "Internal error"],
  ])("as the error %j is %s", (error, reason, words) => {
    const talk = new AcpTalk();
    talk.refuse(3, error);
    const conclusion = talk.conclude();
    expect(conclusion.reason).toBe(reason);
    expect(conclusion.error).toMatch(words);
  });

  it("that never comes is named by the process's last words", () => {
    expect(new AcpTalk().conclude()).toMatchObject({ reason: "no_terminal_event" });
  });

  it("shows thoughts, plans, edits and failures, and says what is not watched", () => {
    const talk = new AcpTalk({
      maxTurns: 3,
      maxCostUsd: 1,
      model: "some",
      systemPrompt: "Be kind.",
    });
    talk.update({ sessionUpdate: "agent_thought_chunk", content: { type: "text", text: "Hm" } });
    talk.update({ sessionUpdate: "plan", entries: [{ content: "one", status: "pending" }] });
    const diff = { type: "diff", path: "/workspaces/demo/x", oldText: "a", newText: "b" };
    const edit = { toolCallId: "edit__1", kind: "edit", title: "x", content: [diff] };
    talk.update({ sessionUpdate: "tool_call", status: "in_progress", ...edit });
    talk.update({
      sessionUpdate: "tool_call_update",
      toolCallId: "edit__1",
      status: "failed",
      rawOutput: { error: "no" },
    });
    talk.text("one ", { messageId: "a" });
    talk.text("text", { messageId: "a" });
    talk.text("another", { messageId: "b" });
    talk.end(3);
    expect(talk.entries.slice(3, -1)).toEqual([
      { kind: "thinking", text: "Hm" },
      expect.objectContaining({ kind: "tool_call", name: "update_plan" }),
      expect.objectContaining({ kind: "tool_result" }),
      {
        ...{ kind: "tool_call", toolId: "edit__1", name: "edit" },
        input: { path: "/workspaces/demo/x", oldText: "a", newText: "b" },
      },
      { kind: "tool_result", toolId: "edit__1", isError: true, text: "no" },
      { kind: "text", text: "one text" },
      { kind: "text", text: "another" },
      { kind: "notice", text: expect.stringMatching(/does not tell what it costs/) },
    ]);
    expect(talk.entries.slice(0, 3).map(({ kind }) => kind)).toEqual([
      "notice",
      "notice",
      "message",
    ]);
    expect(talk.said()[0]).toMatchObject({
      params: { prompt: [{ text: "Be kind." }, { text: "Do it." }] },
    });
  });
});
