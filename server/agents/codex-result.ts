import type { EndReason } from "@/server/domain/end-reasons";
import { classifyError } from "./classify-error";
import { type CodexState, type CodexStep, followedBy, notice, stepTo } from "./codex-state";
import { dropWaiting, receiptOf, sayWaiting } from "./codex-turns";
import { asFields, asNumber, asText, type Fields, parseFields } from "./json-fields";

/** An error of the provider. One that Codex tries again after is no end. */
export function readCodexError(state: CodexState, params: Fields): CodexStep {
  const words = errorWords(asFields(params.error) ?? {});
  if (params.willRetry === true) return notice(state, `The provider failed: ${words}`);
  return stepTo({ ...state, toldError: words }, { entries: [{ kind: "error", text: words }] });
}

/** The terminal event of a turn. What was said too late for it begins the next one. */
export function readCodexTurnEnd(state: CodexState, turn: Fields): CodexStep {
  const status = asText(turn.status) ?? "unknown";
  const reason = classifyTurn(state, status, asFields(turn.error));
  const isError = reason !== "completed";
  const error = isError ? explain(state, reason, status, asFields(turn.error)) : null;
  const text = isError ? null : state.lastText;
  const receipts = state.open.flatMap(({ messageId, isRead }) =>
    receiptOf(messageId, isRead ? "done" : "dropped"),
  );
  const shown = error !== null && error === state.toldError ? null : (error ?? text);
  const next: CodexState = {
    ...state,
    turn: null,
    open: [],
    openToolIds: [],
    questions: [],
    wantsInterrupt: false,
    end: { reason, text, error },
  };
  const ended = stepTo(next, {
    entries: [{ kind: "result", isError, reason: status, text: shown }],
    ...(receipts.length > 0 && { receipts }),
  });
  return followedBy(ended, state.isAtTurnLimit ? dropWaiting : sayWaiting);
}

function classifyTurn(state: CodexState, status: string, error: Fields | null): EndReason {
  if (status === "completed") return "completed";
  if (status === "interrupted" && state.isAtTurnLimit) return "max_turns";
  if (status === "interrupted" && state.wasInterrupted) return "cancelled_by_operator";
  return error ? classifyCodexError(error) : "agent_error";
}

const namedErrors: Record<string, EndReason> = {
  unauthorized: "agent_sign_in_needed",
  usageLimitExceeded: "usage_limit",
  rateLimitExceeded: "usage_limit",
  sessionBudgetExceeded: "budget_spent",
};

/** Codex names the usual causes, or gives the provider's status beside a name of its own. */
function classifyCodexError(error: Fields): EndReason {
  const info = error.codexErrorInfo;
  const named = typeof info === "string" ? namedErrors[info] : undefined;
  if (named) return named;
  const [detail] = Object.values(asFields(info) ?? {});
  const words = errorWords(error);
  const told = /\bstatus:? (\d{3})\b/.exec(words)?.[1];
  const status = asNumber(asFields(detail)?.httpStatusCode) ?? (told ? Number(told) : null);
  return classifyError(status, words);
}

function explain(
  state: CodexState,
  reason: EndReason,
  status: string,
  error: Fields | null,
): string {
  if (reason === "max_turns") return `Reached the limit of ${state.maxTurns} turns.`;
  if (reason === "cancelled_by_operator") return "The agent was interrupted.";
  if (error) return errorWords(error);
  return `Codex ended its turn as “${status}” without saying why.`;
}

/** The message may be the provider's whole answer; then its own message is meant. */
function errorWords(error: Fields): string {
  const message = asText(error.message) ?? "an error without words";
  const inner = asText(asFields(parseFields(message)?.error)?.message);
  const details = asText(error.additionalDetails);
  return [inner ?? message, ...(details ? [details] : [])].join(": ");
}
