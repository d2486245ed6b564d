import type { EndReason } from "@/server/domain/end-reasons";
import { addUsage } from "@/server/domain/usage";
import { classifyError } from "./classify-error";
import { type ClaudeState, stepTo } from "./claude-state";
import { addClaudeUsage } from "./claude-usage";
import type { Step } from "./driver";
import { asList, asNumber, asText, type Fields } from "./json-fields";

/**
 * The terminal event of a turn. A steered message joins the running turn, so results are not one to
 * one with messages; several of them add up.
 */
export function readClaudeResult(state: ClaudeState, line: Fields): Step<ClaudeState> {
  const reason = classify(state, line);
  const isError = reason !== "completed";
  const text = asText(line.result);
  const error = isError ? explain(reason, line) : null;
  const { usage, measured } = addClaudeUsage(state, line);
  const next: ClaudeState = {
    ...state,
    measured,
    hasResult: true,
    isTurnOpen: false,
    // The prompt's turn is over with the first result; older versions tell of no message at all.
    open: state.hasLifecycle ? state.open.filter((sent) => sent.messageId !== null) : [],
    usage: addUsage(state.usage, usage),
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
