import { describe, expect, it } from "vitest";
import { claudeCode } from "./claude-code";
import type { ClaudeState } from "./claude-state";
import type { DriverContext, OperatorInput, Step } from "./driver";
import { CodexTalk, codexContext, sentBy } from "./testing-codex";
import { readFixture, replay } from "./testing-replay";

const nativeSessionId = "11111111-1111-4111-8111-111111111111";
const context: DriverContext = { ...codexContext, nativeSessionId, mayAsk: true };

/** A conversation with Claude Code, line by line. */
class ClaudeTalk {
  step: Step<ClaudeState>;
  #replies: string[] = [];
  constructor(change: Partial<DriverContext> = {}) {
    this.step = claudeCode.begin({ ...context, ...change });
  }
  take(step: Step<ClaudeState>) {
    this.step = step;
    this.#replies = step.replies;
    return step;
  }
  line = (line: object) =>
    this.take(
      claudeCode.readLine(
        this.step.state,
        JSON.stringify({ session_id: nativeSessionId, ...line }),
      ),
    );
  receive = (input: OperatorInput) => this.take(claudeCode.receive(this.step.state, input));
  say = (id: string) => this.receive({ kind: "message", id, text: id });
  answer = (questionId: string, isAllowed: boolean, text?: string) =>
    this.receive({ kind: "answer", id: "a", questionId, isAllowed, ...(text && { text }) });
  interrupt = (isPause = true) => this.receive({ kind: "interrupt", id: "i", isPause });
  ask = (request_id: string, tool_name: string, input: object = {}) =>
    this.line({
      type: "control_request",
      request_id,
      request: { subtype: "can_use_tool", tool_name, input, tool_use_id: `tool-${request_id}` },
    });
  end = (how: "cut" | "done") =>
    this.line(
      how === "done"
        ? { type: "result", subtype: "success", is_error: false, result: "done" }
        : { type: "result", subtype: "error_during_execution", terminal_reason: "aborted_tools" },
    );
  lifecycle = (uuid: string, state: string) =>
    this.line({ type: "command_lifecycle", command_uuid: uuid, state });
  uuid = () => String(this.step.state.open.at(-1)?.uuid);
  said = () => this.#replies.map((reply) => JSON.parse(reply));
  conclude = () => claudeCode.conclude(this.step.state, { code: 0, signal: null, tail: "" });
}

describe("Claude Code, with an operator to ask", () => {
  it("is started with what the workflow permits", () => {
    const modeOf = (permissions?: DriverContext["permissions"]) => {
      const { argv } = claudeCode.launch({ ...context, ...(permissions && { permissions }) });
      return argv[argv.indexOf("--permission-mode") + 1];
    };
    expect([modeOf(), modeOf("allow_list"), modeOf("accept_edits")]).toEqual([
      ...["acceptEdits", "acceptEdits", "acceptEdits"],
    ]);
    expect([modeOf("ask"), modeOf("bypass")]).toEqual(["default", "bypassPermissions"]);
  });

  it("replays the recorded permissions with the operator's answers in place of refusals", () => {
    const recorded = readFixture("claude-stdin-permission");
    const ids = recorded.flatMap(({ line }) =>
      typeof line === "object" && line.type === "control_request" && line.request_id !== "init-1"
        ? String(line.request_id)
        : [],
    );
    const session = recorded.flatMap(
      ({ line }) => (typeof line === "object" && line.session_id) || [],
    );
    const lines = recorded.filter(({ io }) => io === "out").map(({ line }) => JSON.stringify(line));
    const inputs = ids.map((questionId, index) => ({
      afterLines: lines.findIndex((line) => line.includes(questionId)) + 1,
      input: {
        ...{ kind: "answer" as const, id: questionId, questionId },
        ...(index === 0 ? { isAllowed: true } : { isAllowed: false, text: "the team said no" }),
      },
    }));
    const told = replay({
      driver: claudeCode,
      context: { ...context, nativeSessionId: String(session.find(Boolean)) },
      recorded,
      inputs,
    });
    expect(told.questions.map(({ questionId, tool }) => [questionId, tool])).toEqual(
      ids.map((id) => [id, "Bash"]),
    );
    const answers = told.replies.slice(1).map((reply) => JSON.parse(reply).response.response);
    expect(answers).toMatchObject([
      { behavior: "allow", updatedInput: { command: "echo x > permit.txt" } },
      { behavior: "deny", message: expect.stringContaining("the team said no") },
    ]);
    expect(told.entries).toContainEqual(
      expect.objectContaining({ kind: "permission_denied", reason: "the team said no" }),
    );
    expect(told.conclusion.reason).toBe("completed");
  });

  it("asks for words where the model does, and settles what is taken back", () => {
    const talk = new ClaudeTalk();
    const input = { questions: [{ question: "Which?" }, { question: "Why?" }] };
    const asked = talk.ask("q1", "AskUserQuestion", input);
    expect(asked.questions).toMatchObject([{ questionId: "q1", needsWords: true }]);
    talk.answer("q1", true, "Blue");
    expect(talk.said()[0].response.response.updatedInput).toEqual({
      ...input,
      answers: { "Which?": "Blue", "Why?": "Blue" },
    });
    talk.ask("q2", "Bash");
    const taken = talk.line({ type: "control_cancel_request", request_id: "q2" });
    expect(taken).toMatchObject({ settled: ["q2"], replies: [] });
    expect(talk.answer("q2", true).replies).toEqual([]);
  });

  it("is kept after an interrupt, for the next message and no longer", () => {
    const talk = new ClaudeTalk();
    const prompt = talk.uuid();
    talk.lifecycle(prompt, "started");
    talk.interrupt();
    const cut = talk.end("cut");
    expect(cut).toMatchObject({ isInputOver: false, questions: [{ tool: "next_message" }] });
    expect(talk.lifecycle(prompt, "cancelled").questions).toBeUndefined();
    expect(talk.interrupt().replies).toEqual([]);
    expect(talk.say("m1")).toMatchObject({ settled: ["next-message-1"], isInputOver: false });
    expect(talk.conclude().reason).toBe("no_terminal_event");
    const uuid = talk.uuid();
    talk.lifecycle(uuid, "started");
    talk.end("done");
    expect(talk.lifecycle(uuid, "completed").isInputOver).toBe(true);
    expect(talk.conclude()).toMatchObject({ reason: "completed", result: "done" });
  });

  it("takes what was said before the interrupt as its next turn, and asks for nothing", () => {
    const talk = new ClaudeTalk();
    const prompt = talk.uuid();
    talk.lifecycle(prompt, "started");
    talk.say("m1");
    const uuid = talk.uuid();
    talk.interrupt();
    expect(talk.end("cut")).toMatchObject({ isInputOver: false });
    expect(talk.step.questions).toBeUndefined();
    talk.lifecycle(uuid, "started");
    // A turn that fails of itself after the interrupt is a failure, not a pause.
    talk.end("cut");
    expect(talk.lifecycle(uuid, "completed").isInputOver).toBe(true);
    expect(talk.conclude().reason).toBe("agent_error");
  });

  it("ends with the interrupt when nothing is to follow, and by itself when it was done before", () => {
    const refused = new ClaudeTalk();
    refused.interrupt();
    refused.end("cut");
    expect(refused.answer("next-message-1", false, "Nobody came.").isInputOver).toBe(true);
    expect(refused.conclude()).toMatchObject({
      ...{ reason: "cancelled_by_operator", error: "Nobody came." },
    });
    const late = new ClaudeTalk();
    late.interrupt();
    expect(late.end("done").isInputOver).toBe(true);
    expect(late.conclude().reason).toBe("completed");
  });

  it("gives the model words that begin like a command of the CLI", () => {
    const talk = new ClaudeTalk();
    talk.receive({ kind: "message", id: "m1", text: "/clear" });
    expect(talk.said()[0].message.content).toBe(" /clear");
    expect(talk.step.entries).toMatchObject([{ kind: "message", text: "/clear" }]);
  });
});

describe("Codex, with an operator to ask", () => {
  const approval = (talk: CodexTalk, id: number, kind = "commandExecution") =>
    talk.line({
      id,
      method: `item/${kind}/requestApproval`,
      params: { threadId: "thread-1", turnId: "turn-1", itemId: `item-${id}`, command: "make" },
    });

  it("asks before each command, and is told why one was denied", () => {
    const talk = new CodexTalk({ mayAsk: true, permissions: "ask" });
    const started = talk.replies
      .map((reply) => JSON.parse(reply))
      .find(({ method }) => method === "thread/start");
    expect(started.params.approvalPolicy).toBe("untrusted");
    expect(approval(talk, 7).questions).toMatchObject([{ questionId: "7", tool: "exec_command" }]);
    const said = talk.receive({
      ...{ kind: "answer", id: "a", questionId: "7", isAllowed: false, text: "Too slow." },
    });
    expect(sentBy(said)).toMatchObject([
      { id: 7, result: { decision: "decline" } },
      {
        method: "turn/steer",
        params: { input: [{ text: "“exec_command” was denied: Too slow." }] },
      },
    ]);
    approval(talk, 8);
    expect(talk.note("serverRequest/resolved", { requestId: 8 }).settled).toEqual(["8"]);
  });

  it("accepts edits without asking where the workflow says so, and asks for all else", () => {
    const talk = new CodexTalk({ mayAsk: true, permissions: "accept_edits" });
    expect(sentBy(approval(talk, 7, "fileChange"))).toMatchObject([
      { result: { decision: "accept" } },
    ]);
    expect(approval(talk, 8)).toMatchObject({ replies: [], questions: [{ questionId: "8" }] });
    expect(talk.end("turn-1")).toMatchObject({ settled: ["8"], isInputOver: true });
  });

  it("is kept after an interrupt, for the next message and no longer", () => {
    const talk = new CodexTalk();
    talk.receive({ kind: "interrupt", id: "i", isPause: true });
    const cut = talk.end("turn-1", "interrupted");
    expect(cut).toMatchObject({ isInputOver: false, questions: [{ tool: "next_message" }] });
    expect(talk.say("m1")).toMatchObject({ settled: ["next-message-1"] });
    talk.reply(5, { turn: { id: "turn-2" } });
    talk.start("turn-2");
    expect(talk.end("turn-2").isInputOver).toBe(true);
    const refused = new CodexTalk();
    refused.receive({ kind: "interrupt", id: "i", isPause: true });
    refused.end("turn-1", "interrupted");
    refused.receive({ kind: "answer", id: "a", questionId: "next-message-1", isAllowed: false });
    expect(refused.step.isInputOver).toBe(true);
    expect(refused.conclude().reason).toBe("cancelled_by_operator");
  });
});
