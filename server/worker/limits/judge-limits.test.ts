import { expect, it } from "vitest";
import { claudeCode } from "@/server/agents/claude-code";
import { codex } from "@/server/agents/codex";
import type { AgentDriver } from "@/server/agents/driver";
import { codexContext } from "@/server/agents/testing-codex";
import { readFixture, replay } from "@/server/agents/testing-replay";
import { type Usage, unknownUsage } from "@/server/domain/usage";
import { excuseSilence, judgeLimits } from "./judge-limits";
import type { LimitColumns } from "./limits-of";

const context = { ...codexContext, nativeSessionId: "44444446-4444-4444-8444-444444444444" };
const run: LimitColumns & Usage = {
  ...unknownUsage,
  ...{ maxTurns: null, maxTokens: null, maxCostUsd: null, timeoutSeconds: 7200 },
  ...{ stallSeconds: 60, maxOutputBytes: null },
};
const silentFor = (seconds: number) => {
  const now = performance.now();
  return { startedAt: now - 3600_000, bytes: 10, lastByteAt: now - seconds * 1000 };
};
const tailOf = (driver: AgentDriver<never>, state: unknown) => ({
  ...{ driver: driver as AgentDriver, state, outputBytes: 10, stderrBytes: 0 },
});
/** Claude Code in the middle of a command. */
const inTool = () => {
  const recorded = readFixture("claude-sigterm").slice(0, 2);
  return replay({ driver: claudeCode, context, recorded }).state;
};

it("counts a running tool's silence only where the workflow says so", () => {
  const tail = tailOf(claudeCode as AgentDriver<never>, inTool());
  const judge = (stallsInTools: boolean | null) =>
    judgeLimits(silentFor(61), { run, definition: { stallsInTools } }, tail);
  expect(judge(null)).toBeNull();
  expect(judge(true)).toEqual({ kind: "hard", reason: "stalled" });
});

it("counts silence from the last byte, and not while the agent waits for an answer", () => {
  const begun = replay({ driver: claudeCode, context, recorded: [] }).state;
  const tail = tailOf(claudeCode as AgentDriver<never>, begun);
  const work = { run, definition: {} };
  const watch = silentFor(61);
  expect(judgeLimits(watch, work, tail)).toEqual({ kind: "hard", reason: "stalled" });
  expect(judgeLimits({ ...watch, bytes: 9 }, work, tail)).toBeNull();
  excuseSilence(watch);
  expect(judgeLimits(watch, work, tail)).toBeNull();
});

it("counts what earlier attempts used, and the open turn as far as it is told", () => {
  const tail = tailOf(claudeCode as AgentDriver<never>, inTool());
  const judge = (more: Partial<typeof run>) =>
    judgeLimits(silentFor(0), { run: { ...run, ...more }, definition: {} }, tail);
  // One message of 100 tokens.
  expect(judge({ maxTokens: 100 })).toEqual({ kind: "hard", reason: "token_limit" });
  expect(judge({ maxTokens: 1000 })).toBeNull();
  expect(judge({ maxTokens: 1000, inputTokens: 700, outputTokens: 200 })).toMatchObject({
    kind: "hard",
  });
  expect(judge({ maxTurns: 9, turns: 8 })).toEqual({ kind: "soft", reason: "max_turns" });
});

it("counts Codex's tokens as they grow", () => {
  const recorded = readFixture("codex-app-server-basic");
  const { state } = replay({
    driver: codex,
    context: { ...codexContext, nativeSessionId: null },
    recorded,
  });
  const tail = tailOf(codex as AgentDriver<never>, state);
  const judge = (maxTokens: number) =>
    judgeLimits(silentFor(0), { run: { ...run, maxTokens }, definition: {} } as never, tail);
  expect(judge(240)).toEqual({ kind: "hard", reason: "token_limit" });
  expect(judge(250)).toEqual({ kind: "soft", reason: "token_limit" });
  expect(judge(300)).toBeNull();
});
