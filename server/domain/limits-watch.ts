import type { EndReason } from "./end-reasons";

/** How far a run may go; null is no limit. */
export interface RunLimits {
  maxTurns: number | null;
  maxTokens: number | null;
  maxCostUsd: number | null;
  timeoutSeconds: number;
  stallSeconds: number | null;
  maxOutputBytes: number;
}

/** How far a run has gone; null is unknown, and what is unknown reaches no limit. */
export interface LimitFacts {
  /** Answers of the model so far, those of earlier attempts included. */
  turns: number | null;
  tokens: number | null;
  costUsd: number | null;
  /** Since this attempt's agent was let go, by a clock that nobody sets. */
  elapsedMs: number;
  /** Since its last byte of output; null while silence does not count. */
  silentMs: number | null;
  outputBytes: number;
}

export const limitReasons = [
  "output_limit",
  "timed_out",
  "token_limit",
  "budget_spent",
  "max_turns",
  "stalled",
] as const satisfies readonly EndReason[];
export type LimitReason = (typeof limitReasons)[number];

export interface LimitDecision {
  /** `soft`: the agent is asked to commit and sum up. `hard`: it is stopped. */
  kind: "soft" | "hard";
  reason: LimitReason;
}

/** A limit is near when nine tenths of it are used. */
const nearShare = 0.9;
/** Of the time, the last tenth, at most so much: an agent hears a message only at its next step. */
const lastMs = 5 * 60_000;
/** With fewer turns there is none to spare for summing up. */
const leastTurnsToWarn = 3;

/** What follows from how far a run has gone: nothing (null), asking, or stopping. Reached goes before near. */
export function decideLimit(facts: LimitFacts, limits: RunLimits): LimitDecision | null {
  const reached = limitReasons.find((reason) => isReached[reason](facts, limits));
  if (reached) return { kind: "hard", reason: reached };
  const near = limitReasons.find((reason) => isNear[reason](facts, limits));
  return near ? { kind: "soft", reason: near } : null;
}

type Judge = (facts: LimitFacts, limits: RunLimits) => boolean;

const isReached: Record<LimitReason, Judge> = {
  output_limit: (facts, limits) => facts.outputBytes > limits.maxOutputBytes,
  timed_out: (facts, limits) => facts.elapsedMs >= limits.timeoutSeconds * 1000,
  token_limit: (facts, limits) => isAtLeast(facts.tokens, limits.maxTokens),
  budget_spent: (facts, limits) => isAtLeast(facts.costUsd, limits.maxCostUsd),
  // The last turn that is allowed may come to its end.
  max_turns: ({ turns }, { maxTurns }) => turns !== null && maxTurns !== null && turns > maxTurns,
  stalled: ({ silentMs }, { stallSeconds }) =>
    silentMs !== null && stallSeconds !== null && silentMs >= stallSeconds * 1000,
};

const isNear: Record<LimitReason, Judge> = {
  output_limit: (facts, limits) => facts.outputBytes >= nearShare * limits.maxOutputBytes,
  timed_out: (facts, { timeoutSeconds }) => {
    const limitMs = timeoutSeconds * 1000;
    return facts.elapsedMs >= Math.max(nearShare * limitMs, limitMs - lastMs);
  },
  token_limit: (facts, limits) => isAtLeast(facts.tokens, share(limits.maxTokens)),
  budget_spent: (facts, limits) => isAtLeast(facts.costUsd, share(limits.maxCostUsd)),
  max_turns: ({ turns }, { maxTurns }) =>
    maxTurns !== null &&
    maxTurns >= leastTurnsToWarn &&
    isAtLeast(turns, Math.min(maxTurns - 1, Math.floor(nearShare * maxTurns))),
  // Who says nothing cannot be asked to sum up.
  stalled: () => false,
};

function share(limit: number | null): number | null {
  return limit === null ? null : nearShare * limit;
}

function isAtLeast(value: number | null, limit: number | null): boolean {
  return value !== null && limit !== null && value >= limit;
}

/** What a run's next attempt may still use, where the agent keeps the limit itself. */
export function remainingLimits(run: {
  maxTurns: number | null;
  turns: number | null;
  maxCostUsd: number | null;
  costUsd: number | null;
}): { maxTurns: number | null; maxCostUsd: number | null } {
  const { maxTurns, turns, maxCostUsd, costUsd } = run;
  return {
    maxTurns: maxTurns === null ? null : Math.max(1, maxTurns - (turns ?? 0)),
    maxCostUsd: maxCostUsd === null ? null : Math.max(0.0001, maxCostUsd - (costUsd ?? 0)),
  };
}
