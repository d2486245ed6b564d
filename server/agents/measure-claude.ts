import { countTokens, type ModelUsage, type Progress } from "@/server/domain/usage";
import type { ClaudeState } from "./claude-state";
import { asFields, asNumber, asText, type Fields, fieldsIn } from "./json-fields";

/** What Claude's stream tells of turns, tokens and limits before and beside its results. */
export interface ClaudeMeasure {
  /** The newest messages of the model: each of their blocks is a line of its own. */
  messageIds: string[];
  /** Answers of the model in this attempt, those of sub-agents left out. */
  turns: number;
  /** Input of the messages that no result has counted yet. */
  openTokens: number;
  openToolIds: string[];
  models: ModelUsage[];
  /** `modelUsage` of the last result: older versions tell only this counter. */
  modelTotals: ModelUsage[];
  limitStatus: string | null;
  /** Seconds since 1970: when the limit that is reached resets. */
  limitResetsAt: number | null;
}

export const freshMeasure: ClaudeMeasure = {
  messageIds: [],
  turns: 0,
  openTokens: 0,
  openToolIds: [],
  models: [],
  modelTotals: [],
  limitStatus: null,
  limitResetsAt: null,
};

const keptIds = 20;

/** A state that was stored before there was a measure begins with an empty one. */
export function measureOf({ measured }: Pick<ClaudeState, "measured">): ClaudeMeasure {
  return measured ?? freshMeasure;
}

/** A line of the model's: counted once a message, with the tools that it calls. */
export function measureMessage(state: ClaudeState, line: Fields): ClaudeState {
  const message = asFields(line.message);
  const id = asText(message?.id);
  // The CLI speaks in the model's place where the provider failed.
  if (!message || id === null || message.model === "<synthetic>") return state;
  const measured = measureOf(state);
  const tools = fieldsIn(message.content).flatMap((block) =>
    block.type === "tool_use" ? (asText(block.id) ?? []) : [],
  );
  const openToolIds = [...measured.openToolIds, ...tools];
  if (measured.messageIds.includes(id)) return { ...state, measured: { ...measured, openToolIds } };
  const usage = asFields(message.usage);
  const input =
    (asNumber(usage?.input_tokens) ?? 0) + (asNumber(usage?.cache_creation_input_tokens) ?? 0);
  return {
    ...state,
    measured: {
      ...measured,
      openToolIds,
      messageIds: [...measured.messageIds, id].slice(-keptIds),
      turns: measured.turns + (asText(line.parent_tool_use_id) === null ? 1 : 0),
      openTokens: measured.openTokens + input,
    },
  };
}

/** Tools that have ended. */
export function measureToolResults(state: ClaudeState, line: Fields): ClaudeState {
  const ended = fieldsIn(asFields(line.message)?.content).flatMap(
    (block) => asText(block.tool_use_id) ?? [],
  );
  if (ended.length === 0) return state;
  const measured = measureOf(state);
  const openToolIds = measured.openToolIds.filter((id) => !ended.includes(id));
  return { ...state, measured: { ...measured, openToolIds } };
}

/** A limit counts as reached only when requests are refused; a warning is none. */
export function measureRateLimit(
  state: ClaudeState,
  line: Fields,
): { state: ClaudeState; isNews: boolean; status: string | null } {
  const info = asFields(line.rate_limit_info);
  const status = asText(info?.status);
  const isRefused = status === "rejected";
  const limitResetsAt = isRefused ? asNumber(info?.resetsAt) : null;
  const before = measureOf(state);
  const measured = { ...before, limitStatus: status, limitResetsAt };
  return { state: { ...state, measured }, isNews: status !== before.limitStatus, status };
}

/** How far Claude Code has gone: what its results told, and the open turn's messages. */
export function measureClaude(state: ClaudeState): Progress {
  const { usage } = state;
  const measured = measureOf(state);
  const told = countTokens(usage);
  const isUnknown = told === null && measured.openTokens === 0;
  return {
    turns: measured.turns,
    tokens: isUnknown ? null : (told ?? 0) + measured.openTokens,
    // It tells no cost before a result.
    costUsd: usage.costUsd,
    isToolOpen: measured.openToolIds.length > 0,
  };
}
