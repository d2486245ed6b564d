import type { EndReason } from "@/server/domain/end-reasons";
import { addUsage, type Usage } from "@/server/domain/usage";
import { classifyError } from "./classify-error";
import { type ClaudeState, stepTo } from "./claude-state";
import type { Step } from "./driver";
import { asFields, asList, asNumber, asText, type Fields } from "./json-fields";

/**
 * The terminal event of a turn. A steered message joins the running turn, so results are not one to
 * one with messages; several of them add up.
 */
export function readClaudeResult(state: ClaudeState, line: Fields): Step<ClaudeState> {
  const reason = classify(state, line);
  const isError = reason !== "completed";
  const text = asText(line.result);
  const error = isError ? explain(reason, line) : null;
  const next: ClaudeState = {
    ...state,
    hasResult: true,
    isTurnOpen: false,
    // The prompt's turn is over with the first result; older versions tell of no message at all.
    open: state.hasLifecycle ? state.open.filter((sent) => sent.messageId !== null) : [],
    usage: addUsage(state.usage, readUsage(state, line)),
    sessionCostUsd: asNumber(line.total_cost_usd) ?? state.sessionCostUsd,
    end: { reason, text: isError ? null : text, error },
  };
  const word = asText(line.terminal_reason) ?? asText(line.subtype) ?? "unknown";
  return stepTo(next, {
    entries: [{ kind: "result", isError, reason: word, text: error ?? text }],
  });
}

function classify(state: ClaudeState, line: Fields): EndReason {
  const subtype = asText(line.subtype) ?? "";
  const terminal = asText(line.terminal_reason) ?? "";
  if (subtype === "error_max_turns" || terminal === "max_turns") return "max_turns";
  if (subtype.includes("budget") || terminal.includes("budget")) return "budget_spent";
  const isAborted = terminal.startsWith("aborted") || subtype === "error_during_execution";
  if (state.wasInterrupted && isAborted) return "cancelled_by_operator";
  // An API error has subtype "success" and is an error all the same.
  if (line.is_error !== true && subtype === "success") return "completed";
  return classifyError(asNumber(line.api_error_status), errorWords(line));
}

function explain(reason: EndReason, line: Fields): string {
  if (reason === "cancelled_by_operator") return "The agent was interrupted.";
  return errorWords(line) || "The agent reported an error without saying which.";
}

/** The CLI's own words, without its notes to itself. */
function errorWords(line: Fields): string {
  const errors = asList(line.errors).flatMap((error) => asText(error) ?? []);
  const words = [asText(line.result) ?? "", ...errors].filter(
    (text) => text !== "" && !text.startsWith("[ede_diagnostic]"),
  );
  return [...new Set(words)].join("\n");
}

/** `result.usage` is this result's own; the usage on assistant lines is repeated and never summed. */
function readUsage(state: ClaudeState, line: Fields): Usage {
  const usage = asFields(line.usage);
  const input = asNumber(usage?.input_tokens);
  const written = asNumber(usage?.cache_creation_input_tokens);
  return {
    inputTokens: input === null ? null : input + (written ?? 0),
    outputTokens: asNumber(usage?.output_tokens),
    cachedTokens: asNumber(usage?.cache_read_input_tokens),
    costUsd: readCost(state, line),
    turns: asNumber(line.num_turns),
  };
}

/**
 * `total_cost_usd` counts over the whole conversation, in some versions over the process. Where the
 * result tells its own share that is taken, else the growth of the counter; a counter that shrank
 * was begun anew.
 */
function readCost(state: ClaudeState, line: Fields): number | null {
  const own = asFields(line.model_usage_since_last_result);
  if (own) {
    return Object.values(own).reduce<number>(
      (sum, model) => sum + (asNumber(asFields(model)?.costUSD) ?? 0),
      0,
    );
  }
  const total = asNumber(line.total_cost_usd);
  if (total === null) return null;
  const before = state.sessionCostUsd ?? state.sessionCostUsdBefore;
  return total >= before ? total - before : total;
}
