import { describe, expect, it } from "vitest";
import { askToSumUp, explainLimit } from "./limit-words";
import {
  decideLimit,
  type LimitFacts,
  limitReasons,
  type RunLimits,
  remainingLimits,
} from "./limits-watch";

const limits: RunLimits = {
  maxTurns: 20,
  maxTokens: 1000,
  maxCostUsd: 2,
  timeoutSeconds: 600,
  stallSeconds: 60,
  maxOutputBytes: 1000,
};
const facts: LimitFacts = {
  turns: 1,
  tokens: 10,
  costUsd: 0.1,
  elapsedMs: 1000,
  silentMs: 0,
  outputBytes: 10,
};
const decide = (more: Partial<LimitFacts>, of: Partial<RunLimits> = {}) =>
  decideLimit({ ...facts, ...more }, { ...limits, ...of });

describe("a run", () => {
  it("goes on while no limit is near", () => {
    expect(decide({})).toBeNull();
    expect(decide({ turns: 17, tokens: 899, costUsd: 1.79, outputBytes: 899 })).toBeNull();
    expect(decide({ elapsedMs: 539_000, silentMs: 59_999 })).toBeNull();
  });

  it.each<[string, Partial<LimitFacts>, string]>([
    ["turns", { turns: 18 }, "max_turns"],
    ["tokens", { tokens: 900 }, "token_limit"],
    ["money", { costUsd: 1.8 }, "budget_spent"],
    ["time", { elapsedMs: 540_000 }, "timed_out"],
    ["output", { outputBytes: 900 }, "output_limit"],
  ])("is asked to sum up when nine tenths of its %s are used", (_what, more, reason) => {
    expect(decide(more)).toEqual({ kind: "soft", reason });
  });

  it.each<[string, Partial<LimitFacts>, string]>([
    ["has begun a turn too many", { turns: 21 }, "max_turns"],
    ["has used its tokens", { tokens: 1000 }, "token_limit"],
    ["has used its money", { costUsd: 2 }, "budget_spent"],
    ["has used its time", { elapsedMs: 600_000 }, "timed_out"],
    ["wrote too much", { outputBytes: 1001 }, "output_limit"],
    ["was silent too long", { silentMs: 60_000 }, "stalled"],
    ["reached one limit and is near another", { tokens: 1000, elapsedMs: 599_000 }, "token_limit"],
  ])("is stopped when it %s", (_what, more, reason) => {
    expect(decide(more)).toEqual({ kind: "hard", reason });
  });

  it("may end its last turn, and has one to spare for summing up", () => {
    expect(decide({ turns: 20 })).toEqual({ kind: "soft", reason: "max_turns" });
    expect(decide({ turns: 3 }, { maxTurns: 5 })).toBeNull();
    expect(decide({ turns: 4 }, { maxTurns: 5 })).toMatchObject({ kind: "soft" });
    expect(decide({ turns: 2 }, { maxTurns: 2 })).toBeNull();
  });

  it("of many hours is asked in its last five minutes, not an hour before", () => {
    const timeoutSeconds = 10 * 3600;
    const left = (seconds: number) => ({ elapsedMs: (timeoutSeconds - seconds) * 1000 });
    expect(decide(left(301), { timeoutSeconds })).toBeNull();
    expect(decide(left(300), { timeoutSeconds })).toEqual({ kind: "soft", reason: "timed_out" });
  });

  it("is never stopped for what nobody knows or nobody limited", () => {
    const unknown = { turns: null, tokens: null, costUsd: null, silentMs: null };
    expect(decide(unknown)).toBeNull();
    const open = { maxTurns: null, maxTokens: null, maxCostUsd: null, stallSeconds: null };
    expect(decide({ turns: 999, tokens: 1e9, costUsd: 99, silentMs: 1e9 }, open)).toBeNull();
  });
});

it("leaves the next attempt what the earlier ones have not used, and never nothing", () => {
  const run = { maxTurns: 10, turns: 4, maxCostUsd: 2, costUsd: 0.5 };
  expect(remainingLimits(run)).toEqual({ maxTurns: 6, maxCostUsd: 1.5 });
  const spent = remainingLimits({ ...run, turns: 12, costUsd: 3 });
  expect(spent).toEqual({ maxTurns: 1, maxCostUsd: expect.any(Number) });
  expect(spent.maxCostUsd).toBeGreaterThan(0);
  const open = { maxTurns: null, turns: 4, maxCostUsd: null, costUsd: 1 };
  expect(remainingLimits(open)).toEqual({ maxTurns: null, maxCostUsd: null });
});

it("says each limit with its measure, to people and to the agent", () => {
  const words = limitReasons.map((reason) => explainLimit(reason, limits));
  expect(words).toEqual([
    "The run reached its output limit of 1000 bytes and was stopped.",
    "The run reached its time limit of 10 min and was stopped.",
    "The run reached its limit of 1,000 tokens and was stopped.",
    "The run reached its cost limit of $2 and was stopped.",
    "The run reached its limit of 20 turns and was stopped.",
    "The agent wrote nothing for 1 min and was stopped.",
  ]);
  expect(askToSumUp("timed_out", limits)).toContain("near its time limit of 10 min");
});
