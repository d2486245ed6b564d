import { describe, expect, it } from "vitest";
import { claudeCode } from "./claude-code";
import type { ClaudeState } from "./claude-state";
import { deriveUuid } from "./derive-uuid";
import type { DriverContext } from "./driver";
import { testConformance } from "./testing-conformance";
import {
  listFixtures,
  type Replayed,
  type ReplayOptions,
  readFixture,
  replay as replayStream,
} from "./testing-replay";

const context: DriverContext = {
  program: "/opt/agents/claude",
  command: null,
  prompt: "Do it.",
  systemPrompt: null,
  model: null,
  nativeSessionId: "11111111-1111-4111-8111-111111111111",
  attemptId: "attempt",
  isResume: false,
  maxTurns: null,
  maxCostUsd: null,
  allowedTools: null,
  workspacePath: "/workspaces/demo",
  isSandboxed: true,
  mayAsk: false,
  sessionCostUsdBefore: 0,
};

function optionsFor(name: string, change: Partial<DriverContext> = {}): ReplayOptions<ClaudeState> {
  const recorded = readFixture(name);
  const ids = recorded.flatMap(({ line }) => (typeof line === "object" && line.session_id) || []);
  const nativeSessionId = String(ids.find(Boolean));
  return { driver: claudeCode, context: { ...context, nativeSessionId, ...change }, recorded };
}

const replay = (name: string, change: Partial<DriverContext> = {}, upTo?: number) =>
  replayStream({ ...optionsFor(name, change), ...(upTo !== undefined && { upTo }) });

const streams = listFixtures("claude-");

describe("claude-code, as every driver", () => {
  testConformance(streams.map((name) => [name, optionsFor(name)]));
});

describe("claude-code over the recorded streams", () => {
  it.each([
    ["claude-write-and-finish", "completed"],
    ["claude-resume", "completed"],
    ["claude-2.0.76-write", "completed"],
    ["claude-partial-messages", "completed"],
    ["claude-permission-denied", "completed"],
    ["claude-stdin-permission", "completed"],
    ["claude-stdin-inject", "completed"],
    ["claude-stdin-inject-steers", "completed"],
    ["claude-stdin-interrupt", "completed"],
    ["claude-max-turns", "max_turns"],
    ["claude-api-error-400", "agent_error"],
    ["claude-api-retry-529", "agent_error"],
    ["claude-resume-unknown", "agent_error"],
    ["claude-sigint", "agent_error"],
    ["claude-sigterm", "no_terminal_event"],
    ["claude-stdin-clear-changes-id", "session_id_changed"],
    ["claude-usage-limit", "usage_limit"],
  ])("%s ends as %s", (name, reason) => {
    expect(replay(name).conclusion.reason).toBe(reason);
  });

  it("covers every recorded stream", () => {
    expect(streams).toHaveLength(17);
  });

  it("reads the plain run: what was said, done, answered and used", () => {
    const { entries, conclusion, state } = replay("claude-write-and-finish");
    expect(entries.map((entry) => entry.kind)).toEqual([
      "message",
      "text",
      "tool_call",
      "tool_result",
      "text",
      "result",
    ]);
    expect(entries[2]).toMatchObject({ name: "Write", toolId: "toolu_4ol515fl3sb" });
    expect(entries[3]).toMatchObject({ toolId: "toolu_4ol515fl3sb", isError: false });
    expect(conclusion).toMatchObject({
      reason: "completed",
      result: "done",
      error: null,
      usage: { inputTokens: 200, outputTokens: 40, cachedTokens: 0, costUsd: 0.0016, turns: 2 },
      sessionCostUsdAfter: 0.0016,
    });
    expect(state.isInputOver).toBe(true);
  });

  it("cut anywhere before its result, is never a success", () => {
    for (const { name, results } of [
      { name: "claude-write-and-finish", results: 6 },
      { name: "claude-stdin-interrupt", results: 10 },
    ]) {
      for (let upTo = 0; upTo < results; upTo++) {
        const { reason } = replay(name, {}, upTo).conclusion;
        expect(reason, `${name} after ${upTo} lines`).not.toBe("completed");
      }
    }
  });

  it("gives a resumed run its own cost, not the session's", () => {
    const { usage, sessionCostUsdAfter } = replay("claude-resume", {
      isResume: true,
      sessionCostUsdBefore: 0.0016,
    }).conclusion;
    expect(usage.costUsd).toBeCloseTo(0.0016, 9);
    expect(sessionCostUsdAfter).toBeCloseTo(0.0032, 9);
  });

  it("takes the share that the result tells before any counting of ours", () => {
    const { usage } = replay("claude-resume", { sessionCostUsdBefore: 0 }).conclusion;
    expect(usage.costUsd).toBeCloseTo(0.0016, 9);
  });

  it("takes the growth of the counter where an older version tells no share", () => {
    const grown = replay("claude-2.0.76-write", { sessionCostUsdBefore: 0.001 }).conclusion;
    expect(grown.usage.costUsd).toBeCloseTo(0.0014, 9);
    const anew = replay("claude-2.0.76-write", { sessionCostUsdBefore: 5 }).conclusion;
    expect(anew.usage.costUsd).toBeCloseTo(0.0024, 9);
  });

  it("adds up the results of several turns in one process", () => {
    const { usage } = replay("claude-stdin-interrupt").conclusion;
    expect(usage).toMatchObject({ inputTokens: 200, outputTokens: 40, turns: 4 });
    expect(usage.costUsd).toBeCloseTo(0.0016, 9);
  });

  it("leaves unknown usage unknown", () => {
    const unknown = { inputTokens: null, outputTokens: null, cachedTokens: null, costUsd: null };
    expect(replay("claude-sigterm").conclusion.usage).toMatchObject(unknown);
  });

  it("shows what was refused and what was retried", () => {
    const denied = replay("claude-permission-denied").entries;
    expect(denied).toContainEqual(
      expect.objectContaining({ kind: "permission_denied", tool: "Bash" }),
    );
    const retried = replay("claude-api-retry-529").entries;
    expect(retried).toContainEqual(
      expect.objectContaining({ kind: "notice", text: expect.stringContaining("529 overloaded") }),
    );
  });

  it("gives the provider's words as the error", () => {
    expect(replay("claude-api-error-400").conclusion.error).toBe(
      "API Error: 400 scripted bad request",
    );
    expect(replay("claude-resume-unknown").conclusion.error).toMatch(/^No conversation found/);
    expect(replay("claude-max-turns").conclusion.error).toBe("Reached maximum number of turns (1)");
  });

  it("answers each permission request, by the workflow's list", () => {
    const answers = ({ replies }: Replayed<ClaudeState>) =>
      replies.slice(1).map((reply) => JSON.parse(reply).response.response.behavior);
    expect(answers(replay("claude-stdin-permission"))).toEqual(["deny", "deny"]);
    const allowed = replay("claude-stdin-permission", { allowedTools: ["Bash"] });
    expect(answers(allowed)).toEqual(["allow", "allow"]);
  });
});

describe("claude-code", () => {
  it("gives the same launch and the same message ids for the same attempt, others for another", () => {
    expect(claudeCode.launch(context)).toEqual(claudeCode.launch(context));
    const uuidOf = (change: Partial<DriverContext>) =>
      JSON.parse(claudeCode.begin({ ...context, ...change }).replies[0] ?? "").uuid;
    expect(uuidOf({})).toBe(uuidOf({}));
    expect(uuidOf({ attemptId: "next" })).not.toBe(uuidOf({}));
    expect(deriveUuid("a")).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f-]{16}$/);
  });

  it("passes limits on, and keeps prompt and message out of the arguments", () => {
    const { argv } = claudeCode.launch({
      ...context,
      maxTurns: 7,
      maxCostUsd: 1.5,
      model: "opus",
      systemPrompt: "Be brief.",
      allowedTools: ["Bash", "Read"],
    });
    const text = argv.join(" ");
    expect(text).toContain("--max-turns 7 --max-budget-usd 1.5 --model opus");
    expect(text).toContain("--append-system-prompt Be brief. --allowedTools Bash,Read");
    expect(text).toContain(`--session-id ${context.nativeSessionId}`);
    expect(text).not.toContain("Do it.");
    expect(claudeCode.launch({ ...context, isResume: true }).argv).toContain("--resume");
  });

  it("puts a system prompt that is too long for an argument before the prompt", () => {
    const long = { ...context, systemPrompt: "x".repeat(200_000) };
    expect(claudeCode.launch(long).argv.join(" ").length).toBeLessThan(1000);
    expect(claudeCode.begin(long).replies[0]).toContain(`${"x".repeat(100)}\\n\\nDo it.`);
  });

  it("keeps stdin open for a message whose turn has not come, and reports its receipts", () => {
    let step = claudeCode.begin(context);
    const read = (line: object) => {
      const whole = { session_id: context.nativeSessionId, ...line };
      step = claudeCode.readLine(step.state, JSON.stringify(whole));
      return step;
    };
    const prompt = JSON.parse(step.replies[0] ?? "").uuid;
    read({ type: "command_lifecycle", command_uuid: prompt, state: "started" });
    step = claudeCode.receive(step.state, { kind: "message", id: "m1", text: "And this." });
    const message = JSON.parse(step.replies[0] ?? "").uuid;
    read({ type: "command_lifecycle", command_uuid: prompt, state: "completed" });
    read({ type: "result", subtype: "success", is_error: false, result: "one" });
    expect(step.isInputOver).toBe(false);
    expect(claudeCode.conclude(step.state, { code: 0, signal: null, tail: "" }).reason).toBe(
      "no_terminal_event",
    );
    const receipts = ["queued", "started", "completed"].map(
      (state) => read({ type: "command_lifecycle", command_uuid: message, state }).receipts?.[0],
    );
    expect(receipts.map((receipt) => receipt?.state)).toEqual(["queued", "read", "done"]);
    expect(step.isInputOver).toBe(true);
  });

  it("stops at the first line of another session, whatever its type", () => {
    const { state } = claudeCode.begin(context);
    const step = claudeCode.readLine(state, '{"type":"assistant","session_id":"another"}');
    expect(step).toMatchObject({ isTerminal: true, isInputOver: true });
    const result = { type: "result", subtype: "success", session_id: context.nativeSessionId };
    const after = claudeCode.readLine(step.state, JSON.stringify(result));
    const conclusion = claudeCode.conclude(after.state, { code: 0, signal: null, tail: "" });
    expect(conclusion.reason).toBe("session_id_changed");
  });

  it("takes a turn that was cut after an earlier success for no success", () => {
    const done = replay("claude-write-and-finish").state;
    const again = { type: "assistant", message: { content: [] } };
    const { state } = claudeCode.readLine(done, JSON.stringify(again));
    const conclusion = claudeCode.conclude(state, { code: 0, signal: null, tail: "" });
    expect(conclusion.reason).toBe("no_terminal_event");
  });

  it("says nothing more to an agent whose input is over", () => {
    const ended = replay("claude-write-and-finish").state;
    const step = claudeCode.receive(ended, { kind: "message", id: "late", text: "late" });
    expect(step).toMatchObject({ replies: [], entries: [], isInputOver: true });
  });

  it("concludes an interrupted run as cancelled, by result or without one", () => {
    const begun = claudeCode.begin(context).state;
    const asked = claudeCode.receive(begun, { kind: "interrupt", id: "i" });
    expect(JSON.parse(asked.replies[0] ?? "").request).toEqual({ subtype: "interrupt" });
    const silent = claudeCode.conclude(asked.state, { code: 143, signal: null, tail: "" });
    expect(silent.reason).toBe("cancelled_by_operator");
  });

  it.each([
    ["Invalid API key · Please run /login", "agent_sign_in_needed"],
    ["You've hit your session limit · resets 3pm", "usage_limit"],
    ["Something else", "no_terminal_event"],
  ])("reads the last words “%s” as %s", (tail, reason) => {
    const { state } = claudeCode.begin(context);
    expect(claudeCode.conclude(state, { code: 1, signal: null, tail }).reason).toBe(reason);
  });

  it("names a line that is not JSON and goes on", () => {
    const { state } = claudeCode.begin(context);
    for (const line of ["{half", "null", "[]", '"text"', "\u0000"]) {
      const step = claudeCode.readLine(state, line);
      expect(step.entries).toEqual([expect.objectContaining({ kind: "notice" })]);
      expect(step.isTerminal).toBe(false);
    }
  });
});
