import type { Usage } from "@/server/domain/usage";
import { cancelPrompt } from "./acp-prompts";
import { type AcpState, type AcpStep, isPrompting, stepTo } from "./acp-state";
import { asFields, asNumber, asText, type Fields } from "./json-fields";

/** The conversation's cost so far, earlier runs included. The prompt is cancelled when it is too much. */
export function noteCost(state: AcpState, update: Fields): AcpStep {
  const cost = asFields(update.cost);
  const amount = asNumber(cost?.amount);
  if (amount === null || asText(cost?.currency) !== "USD") return stepTo(state);
  const next = { ...state, costUsdTotal: amount };
  const { maxCostUsd } = state;
  if (maxCostUsd === null || (ownCost(next) ?? 0) <= maxCostUsd) return stepTo(next);
  if (state.isOverBudget) return stepTo(next);
  const over = { ...next, isOverBudget: true };
  return isPrompting(over) ? cancelPrompt(over) : stepTo(over);
}

/** What a prompt used, where the agent tells it in the reply: in the protocol's form, or in Gemini CLI's. */
export function noteTokens(state: AcpState, result: Fields): AcpState {
  if (state.tellsLastRequestOnly) return state;
  const ofProtocol = asFields(result.usage);
  const quota = asFields(asFields(result._meta)?.quota);
  const ofGemini = asFields(quota?.token_count);
  const input = asNumber(ofProtocol?.inputTokens) ?? asNumber(ofGemini?.input_tokens);
  const output = asNumber(ofProtocol?.outputTokens) ?? asNumber(ofGemini?.output_tokens);
  if (input === null || output === null) return state;
  const before = state.tokens ?? { input: 0, output: 0, cached: 0 };
  const cached = asNumber(ofProtocol?.cachedReadTokens) ?? 0;
  const tokens = {
    input: before.input + input,
    output: before.output + output,
    cached: before.cached + cached,
  };
  return { ...state, tokens };
}

/** The protocol counts no turns. */
export function describeAcpUsage(state: AcpState): Usage {
  return {
    inputTokens: state.tokens?.input ?? null,
    outputTokens: state.tokens?.output ?? null,
    cachedTokens: state.tokens?.cached ?? null,
    costUsd: ownCost(state),
    turns: null,
  };
}

/** A counter that shrank was begun anew. */
function ownCost({ costUsdTotal, costUsdBefore }: AcpState): number | null {
  if (costUsdTotal === null) return null;
  return costUsdTotal >= costUsdBefore ? costUsdTotal - costUsdBefore : costUsdTotal;
}
