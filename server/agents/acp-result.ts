import type { EndReason } from "@/server/domain/end-reasons";
import type { TranscriptEntry } from "@/server/domain/transcript";
import { dropWaiting, pauseIfIdle, receiptOf, sayWaiting } from "./acp-prompts";
import { type AcpState, type AcpStep, followedBy, isPrompting, stepTo } from "./acp-state";
import { flushChunk } from "./acp-updates";
import { noteTokens } from "./acp-usage";
import type { Receipt } from "./driver";
import { explainAcpError } from "./explain-acp-error";
import { asText, type Fields } from "./json-fields";

type Request = AcpState["pending"][number];

/** The terminal event of a prompt. What was said while it went on begins the next one. */
export function readPromptEnd(
  state: AcpState,
  request: Request,
  result: Fields,
  error: Fields | null,
): AcpStep {
  const flushed = flushChunk(noteTokens(state, result));
  const told = followedBy(flushed, (next) =>
    stepTo(next, { receipts: receiptsOf(request, error) }),
  );
  // Prompts that were joined end together: the last reply tells how.
  if (isPrompting(told.state)) return told;
  const ended = followedBy(told, (next) => endPrompts(next, result, error));
  const next = followedBy(ended, state.isOverBudget ? dropWaiting : sayWaiting);
  return followedBy(next, pauseIfIdle);
}

function receiptsOf({ message, isRead }: Request, error: Fields | null): Receipt[] {
  const messageId = message?.messageId ?? null;
  if (error && !isRead) return receiptOf(messageId, "dropped");
  return [...(isRead ? [] : receiptOf(messageId, "read")), ...receiptOf(messageId, "done")];
}

function endPrompts(state: AcpState, reply: Fields, error: Fields | null): AcpStep {
  const stopReason = error ? "error" : (asText(reply.stopReason) ?? "unknown");
  const end = error ? explainError(error) : explainStop(state, stopReason);
  const isError = end.reason !== "completed";
  const text = isError ? null : state.lastText;
  const settled = state.questions.map(({ questionId }) => questionId);
  const next: AcpState = {
    ...state,
    tools: [],
    questions: [],
    end: { reason: end.reason, text, error: end.error },
  };
  const shown = end.error ?? text;
  const result = { kind: "result" as const, isError, reason: stopReason, text: shown };
  return stepTo(next, {
    entries: [...noticesOf(state), result],
    ...(settled.length > 0 && { settled }),
  });
}

/** Known only now: an agent tells what it costs at a prompt's end, or never. */
function noticesOf({ maxCostUsd, costUsdTotal, end }: AcpState): TranscriptEntry[] {
  if (maxCostUsd === null || costUsdTotal !== null || end !== null) return [];
  const text =
    "This agent does not tell what it costs, so the cost limit of this run is not watched.";
  return [{ kind: "notice", text }];
}

interface Ending {
  reason: EndReason;
  error: string | null;
}

function explainError(error: Fields): Ending {
  const { reason, words } = explainAcpError(error);
  return { reason, error: words };
}

function explainStop(state: AcpState, stopReason: string): Ending {
  switch (stopReason) {
    case "end_turn":
      return { reason: "completed", error: null };
    case "max_turn_requests":
      return { reason: "max_turns", error: "The agent reached its own limit of turns." };
    case "max_tokens":
      return { reason: "agent_error", error: "The model reached its limit of tokens." };
    case "refusal":
      return { reason: "agent_error", error: "The agent refused to go on." };
    case "cancelled":
      return explainCancel(state);
    default:
      return { reason: "agent_error", error: `The agent ended its turn as “${stopReason}”.` };
  }
}

function explainCancel(state: AcpState): Ending {
  if (state.isOverBudget) {
    return { reason: "budget_spent", error: `Reached the limit of $${state.maxCostUsd}.` };
  }
  if (state.wasInterrupted) {
    return { reason: "cancelled_by_operator", error: "The agent was interrupted." };
  }
  return { reason: "agent_error", error: "The agent cancelled its turn by itself." };
}
