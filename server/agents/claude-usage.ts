import { addModelUsages, type ModelUsage, type Usage } from "@/server/domain/usage";
import type { ClaudeState } from "./claude-state";
import { asFields, asNumber, type Fields } from "./json-fields";
import { type ClaudeMeasure, measureOf } from "./measure-claude";

/** What a result adds to the state: its own usage, whole and by model. */
export function addClaudeUsage(
  state: ClaudeState,
  line: Fields,
): { usage: Usage; measured: ClaudeMeasure } {
  const measured = measureOf(state);
  const models = readModels(state, line);
  return {
    usage: readUsage(state, line, models),
    measured: {
      ...measured,
      openTokens: 0,
      openToolIds: [],
      models: addModelUsages(measured.models, models),
      modelTotals: listModels(line.modelUsage),
    },
  };
}

/**
 * `result.usage` is this result's own, without what sub-agents used; the usage on assistant lines is
 * repeated and never summed. Where the models' shares are told, their sum is the whole.
 */
function readUsage(state: ClaudeState, line: Fields, models: ModelUsage[]): Usage {
  const turns = asNumber(line.num_turns);
  const own = asFields(line.usage);
  const input = asNumber(own?.input_tokens);
  const written = asNumber(own?.cache_creation_input_tokens);
  const [first, ...others] = models;
  if (first && first.model !== null) {
    const sum = others.reduce<ModelUsage>(add, first);
    const { inputTokens, outputTokens, cachedTokens, costUsd } = sum;
    return { inputTokens, outputTokens, cachedTokens, costUsd, turns };
  }
  return {
    inputTokens: input === null ? null : input + (written ?? 0),
    outputTokens: asNumber(own?.output_tokens),
    cachedTokens: asNumber(own?.cache_read_input_tokens),
    costUsd: readCost(state, line),
    turns,
  };
}

function add(a: ModelUsage, b: ModelUsage): ModelUsage {
  const [sum] = addModelUsages([{ ...a, model: null }], [{ ...b, model: null }]);
  return sum ?? a;
}

/** By model: what this result itself used. */
function readModels(state: ClaudeState, line: Fields): ModelUsage[] {
  const told = asFields(line.model_usage_since_last_result);
  if (told) return listModels(told);
  const totals = listModels(line.modelUsage);
  // A conversation that was gone on with may count its past in; then only the whole is told truly.
  const isWhole = state.sessionCostUsdBefore === 0;
  return isWhole ? totals.map((total) => grow(total, measureOf(state).modelTotals)) : [];
}

function listModels(value: unknown): ModelUsage[] {
  return Object.entries(asFields(value) ?? {}).flatMap(([model, told]) => {
    const fields = asFields(told);
    const input = asNumber(fields?.inputTokens);
    if (!fields) return [];
    return {
      model,
      inputTokens: input === null ? null : input + (asNumber(fields.cacheCreationInputTokens) ?? 0),
      outputTokens: asNumber(fields.outputTokens),
      cachedTokens: asNumber(fields.cacheReadInputTokens),
      costUsd: asNumber(fields.costUSD),
    };
  });
}

/** The growth of a model's counter; one that shrank was begun anew. */
function grow(total: ModelUsage, before: readonly ModelUsage[]): ModelUsage {
  const last = before.find(({ model }) => model === total.model);
  const less = (now: number | null, then: number | null | undefined) =>
    now === null ? null : now >= (then ?? 0) ? now - (then ?? 0) : now;
  return {
    model: total.model,
    inputTokens: less(total.inputTokens, last?.inputTokens),
    outputTokens: less(total.outputTokens, last?.outputTokens),
    cachedTokens: less(total.cachedTokens, last?.cachedTokens),
    costUsd: less(total.costUsd, last?.costUsd),
  };
}

/**
 * `total_cost_usd` counts over the whole conversation, in some versions over the process: taken is the
 * growth of the counter; one that shrank was begun anew.
 */
function readCost(state: ClaudeState, line: Fields): number | null {
  if (asFields(line.model_usage_since_last_result)) return 0;
  const total = asNumber(line.total_cost_usd);
  if (total === null) return null;
  const before = state.sessionCostUsd ?? state.sessionCostUsdBefore;
  return total >= before ? total - before : total;
}
