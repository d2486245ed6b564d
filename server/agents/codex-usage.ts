import { countTokens, type ModelUsage, type Progress, type Usage } from "@/server/domain/usage";
import { type CodexState, type CodexStep, stepTo, type Tokens } from "./codex-state";
import { interruptTurn } from "./codex-turns";
import { asFields, asNumber, asText, type Fields } from "./json-fields";

/**
 * Codex counts tokens over the whole conversation, those of earlier runs included; what this attempt
 * used is the growth. A resumed conversation first tells where it stands, under a turn of old.
 */
export function noteCodexUsage(state: CodexState, params: Fields): CodexStep {
  const threadId = asText(params.threadId) ?? "";
  const usage = asFields(params.tokenUsage);
  const total = readTokens(usage?.total);
  if (!total) return stepTo(state);
  const isOwn = threadId === state.threadId;
  const isOfBefore = isOwn && !state.turnIds.includes(asText(params.turnId) ?? "");
  const known = state.totals.find((entry) => entry.threadId === threadId)?.tokens;
  const before = isOfBefore ? total : (known ?? subtract(total, readTokens(usage?.last)));
  const totals = [
    ...state.totals.filter((entry) => entry.threadId !== threadId),
    { threadId, tokens: total },
  ];
  if (isOfBefore) return stepTo({ ...state, totals });
  const grown = growth(before, total);
  const isRequest = isOwn && grown.input + grown.output > 0;
  const next: CodexState = {
    ...state,
    totals,
    used: add(state.used, grown),
    turns: state.turns + (isRequest ? 1 : 0),
    hasCalledTool: isRequest ? false : state.hasCalledTool,
  };
  return isRequest ? keepTurnLimit(next, state.hasCalledTool) : stepTo(next);
}

/** Codex knows no turn limit of its own: it is interrupted when it would ask the model once more. */
function keepTurnLimit(state: CodexState, asksOn: boolean): CodexStep {
  const { maxTurns, turns } = state;
  const isReached = maxTurns !== null && (turns > maxTurns || (turns === maxTurns && asksOn));
  if (!isReached || state.isAtTurnLimit) return stepTo(state);
  return interruptTurn({ ...state, isAtTurnLimit: true });
}

/** As the other agents tell it: what came out of the cache is not counted as input. */
export function describeCodexUsage({ used, turns }: CodexState): Usage {
  return {
    inputTokens: used && Math.max(0, used.input - used.cached),
    outputTokens: used?.output ?? null,
    cachedTokens: used?.cached ?? null,
    costUsd: null,
    turns: turns > 0 ? turns : null,
  };
}

/** All of it under the model that the conversation was begun with; Codex does not tell it apart. */
export function listCodexModels(state: CodexState): ModelUsage[] {
  if (!state.used) return [];
  const { turns: _, ...usage } = describeCodexUsage(state);
  return [{ ...usage, model: state.model ?? null }];
}

/** How far Codex has gone; it never tells what it costs. */
export function measureCodex(state: CodexState): Progress {
  return {
    turns: state.turns,
    tokens: countTokens(describeCodexUsage(state)),
    costUsd: null,
    isToolOpen: state.openToolIds.length > 0,
  };
}

/** The provider's limits: of those that are full, the one that resets last says when it goes on. */
export function noteCodexRateLimits(state: CodexState, params: Fields): CodexState {
  const limits = asFields(params.rateLimits);
  const isReached = asText(limits?.rateLimitReachedType) !== null;
  const windows = [asFields(limits?.primary), asFields(limits?.secondary)];
  const full = windows.filter((window) => (asNumber(window?.usedPercent) ?? 0) >= 100);
  const meant = full.length > 0 ? full : isReached ? windows.slice(0, 1) : [];
  const resets = meant.flatMap((window) => asNumber(window?.resetsAt) ?? []);
  return { ...state, limitResetsAt: resets.length > 0 ? Math.max(...resets) : null };
}

function readTokens(value: unknown): Tokens | null {
  const fields = asFields(value);
  const input = asNumber(fields?.inputTokens);
  const output = asNumber(fields?.outputTokens);
  if (input === null || output === null) return null;
  return { input, output, cached: asNumber(fields?.cachedInputTokens) ?? 0 };
}

const each = (of: (key: keyof Tokens) => number): Tokens => ({
  input: of("input"),
  cached: of("cached"),
  output: of("output"),
});

const subtract = (a: Tokens, b: Tokens | null) =>
  each((key) => Math.max(0, a[key] - (b?.[key] ?? 0)));
const add = (a: Tokens | null, b: Tokens) => each((key) => (a?.[key] ?? 0) + b[key]);

/** A counter that shrank was begun anew. */
const growth = (before: Tokens, now: Tokens) =>
  each((key) => (now[key] >= before[key] ? now[key] - before[key] : now[key]));
