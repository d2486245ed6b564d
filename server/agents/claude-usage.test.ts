import { describe, expect, it } from "vitest";
import { claudeCode } from "./claude-code";
import type { ClaudeState } from "./claude-state";
import { measureClaude } from "./measure-claude";
import { codexContext } from "./testing-codex";
import { type Recorded, readFixture, replay } from "./testing-replay";

const nativeSessionId = "11111111-1111-4111-8111-111111111111";
const context = { ...codexContext, nativeSessionId };

const play = (recorded: Recorded[], of: Partial<typeof context> = {}) =>
  replay({ driver: claudeCode, context: { ...context, ...of }, recorded });
const out = (line: Record<string, unknown>): Recorded => ({ io: "out", line });
const sessionOf = (recorded: Recorded[]) => {
  const [first] = recorded.flatMap(({ line }) => (typeof line === "object" ? [line] : []));
  return { nativeSessionId: String(first?.session_id) };
};

const counted = (input: number, output: number, cost: number) => ({
  ...{ inputTokens: input, outputTokens: output, costUSD: cost },
  ...{ cacheReadInputTokens: 3, cacheCreationInputTokens: 2 },
});
const result = (more: Record<string, unknown>): Recorded =>
  out({
    ...{ type: "result", subtype: "success", is_error: false, num_turns: 1, result: "ok" },
    ...more,
  });

describe("what Claude Code used", () => {
  it("is told by model, sub-agents' included, and adds up over several results", () => {
    const { conclusion } = play([
      result({
        usage: { input_tokens: 10, output_tokens: 5 },
        model_usage_since_last_result: { opus: counted(10, 5, 0.5), haiku: counted(100, 1, 0.01) },
      }),
      result({ model_usage_since_last_result: { opus: counted(20, 5, 0.25) } }),
    ]);
    expect(conclusion.models).toEqual([
      { model: "opus", inputTokens: 34, outputTokens: 10, cachedTokens: 6, costUsd: 0.75 },
      { model: "haiku", inputTokens: 102, outputTokens: 1, cachedTokens: 3, costUsd: 0.01 },
    ]);
    expect(conclusion.usage).toEqual({
      ...{ inputTokens: 136, outputTokens: 11, cachedTokens: 9, costUsd: 0.76, turns: 2 },
    });
    expect(conclusion.isUsageWhole).toBe(true);
  });

  it("of a resumed conversation is its own share, not the conversation's", () => {
    const { models } = play(readFixture("claude-resume"), {
      sessionCostUsdBefore: 0.0016,
    }).conclusion;
    expect(models).toMatchObject([{ inputTokens: 200, outputTokens: 40, costUsd: 0.0016 }]);
  });

  it("is the growth of the counters where a version tells only these", () => {
    const { conclusion } = play([
      result({ total_cost_usd: 0.5, modelUsage: { opus: counted(10, 5, 0.5) } }),
      result({ total_cost_usd: 0.8, modelUsage: { opus: counted(30, 9, 0.8) } }),
    ]);
    expect(conclusion.models).toMatchObject([{ model: "opus", inputTokens: 32, outputTokens: 9 }]);
    expect(conclusion.usage.costUsd).toBeCloseTo(0.8, 10);
  });

  it("is not whole where it was killed in a turn, and unknown where no result came", () => {
    const recorded = readFixture("claude-sigterm");
    const { conclusion } = play(recorded, sessionOf(recorded));
    expect(conclusion).toMatchObject({ isUsageWhole: false, models: [] });
    expect(conclusion.usage.costUsd).toBeNull();
  });
});

it("says when the provider's limit resets, but takes no warning for a limit", () => {
  const recorded = readFixture("claude-usage-limit");
  const { conclusion, entries } = play(recorded, sessionOf(recorded));
  expect(conclusion).toMatchObject({ reason: "usage_limit", usageResetsAt: 1_795_400_000 });
  expect(conclusion.error).toMatch(/^You've hit your 5-hour limit/);
  expect(entries).toContainEqual(
    expect.objectContaining({ kind: "notice", text: expect.stringContaining("rejected") }),
  );

  const warning = out({
    type: "rate_limit_event",
    rate_limit_info: { status: "allowed_warning", resetsAt: 1_795_400_000 },
  });
  const warned = play([warning, warning, result({ usage: { input_tokens: 1 } })]);
  expect(warned.conclusion).toMatchObject({ reason: "completed", usageResetsAt: null });
  expect(warned.entries.filter(({ kind }) => kind === "notice")).toHaveLength(1);
});

it("is measured while it works: turns of its own, input not yet counted, tools that run", () => {
  const message = (id: string, content: object[], parent: string | null = null): Recorded =>
    out({
      ...{ type: "assistant", parent_tool_use_id: parent },
      message: { id, model: "opus", content, usage: { input_tokens: 100, output_tokens: 1 } },
    });
  const begun = [
    message("m1", [{ type: "text", text: "a" }]),
    message("m1", [{ type: "tool_use", id: "t1", name: "Task", input: {} }]),
    message("s1", [{ type: "tool_use", id: "t2", name: "Bash", input: {} }], "t1"),
  ];
  const state = (recorded: Recorded[]) => play(recorded).state as ClaudeState;
  expect(measureClaude(state(begun))).toEqual({
    ...{ turns: 1, tokens: 200, costUsd: null, isToolOpen: true },
  });
  const ended = (id: string) =>
    out({ type: "user", message: { content: [{ type: "tool_result", tool_use_id: id }] } });
  const done = [
    ...[...begun, ended("t2"), ended("t1"), message("m2", [{ type: "text", text: "b" }])],
    result({ model_usage_since_last_result: { opus: counted(300, 20, 0.1) } }),
  ];
  expect(measureClaude(state(done.slice(0, -1)))).toMatchObject({ turns: 2, isToolOpen: false });
  expect(measureClaude(state(done))).toMatchObject({ turns: 2, tokens: 322, costUsd: 0.1 });
  const { measured: _, ...ofBefore } = state(begun);
  expect(measureClaude(ofBefore)).toMatchObject({ turns: 0, tokens: null });
});
