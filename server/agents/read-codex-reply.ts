import { classifyError } from "./classify-error";
import {
  ask,
  type CodexMessage,
  type CodexState,
  type CodexStep,
  followedBy,
  stepTo,
} from "./codex-state";
import { dropWaiting, receiptOf, sayWaiting, takeBack } from "./codex-turns";
import { asFields, asNumber, asText, type Fields } from "./json-fields";
import { toLine } from "./to-line";

/** What Codex answered to one of our requests; an answer to none of them says nothing. */
export function readCodexReply(state: CodexState, line: Fields): CodexStep {
  const request = state.pending.find(({ id }) => id === asNumber(line.id));
  if (!request) return stepTo(state);
  const rest = { ...state, pending: state.pending.filter((other) => other !== request) };
  const error = asFields(line.error);
  const words = error && (asText(error.message) ?? "an error without words");
  const result = asFields(line.result) ?? {};
  switch (request.purpose) {
    case "initialize":
      return words === null ? openThread(rest) : failGreeting(rest, words);
    case "thread":
      return words === null ? learnThread(rest, result) : failGreeting(rest, words);
    case "turn":
      return words === null ? learnTurn(rest, result) : failTurn(rest, request.message, words);
    case "steer":
      return words === null ? noteSteered(rest, request.message) : keepBack(rest, request.message);
    case "interrupt":
      // Refused when the turn has ended meanwhile; its end is told by itself.
      return stepTo(rest);
  }
}

function openThread(state: CodexState): CodexStep {
  if (!state.opening) return stepTo(state);
  const { method, params } = state.opening;
  const step = ask({ ...state, opening: null }, "thread", method, params);
  return { ...step, replies: [toLine({ method: "initialized" }), ...step.replies] };
}

/** From here on every line must belong to this conversation, or to a sub-agent's. */
function learnThread(state: CodexState, result: Fields): CodexStep {
  const threadId = asText(asFields(result.thread)?.id);
  if (!threadId) return failGreeting(state, "it did not name the conversation");
  const { expectedThreadId } = state;
  if (expectedThreadId !== null && expectedThreadId !== threadId) {
    return stepTo({ ...state, foreignThreadId: threadId });
  }
  const model = asText(result.model) ?? state.model;
  return stepTo({ ...state, threadId, model }, { nativeSessionId: threadId });
}

function failGreeting(state: CodexState, words: string): CodexStep {
  const { expectedThreadId } = state;
  const error =
    expectedThreadId === null
      ? `Codex did not begin a conversation: ${words}.`
      : `Codex cannot go on with the conversation ${expectedThreadId}: ${words}. Start a new session.`;
  return stepTo({ ...state, end: { reason: classifyError(null, words), text: null, error } });
}

function learnTurn(state: CodexState, result: Fields): CodexStep {
  const id = asText(asFields(result.turn)?.id);
  if (id === null || state.turnIds.includes(id)) return stepTo(state);
  const turn = state.turn?.isStarted === false ? { ...state.turn, id } : state.turn;
  return stepTo({ ...state, turn, turnIds: [...state.turnIds, id] });
}

function failTurn(state: CodexState, message: CodexMessage | null, words: string): CodexStep {
  const rest = message ? takeBack(state, message) : state;
  const error = `Codex did not take the message: ${words}`;
  const end = { reason: classifyError(null, words), text: null, error };
  const refused = stepTo(
    { ...rest, turn: null, end },
    {
      entries: [{ kind: "error", text: error }],
      receipts: receiptOf(message?.messageId ?? null, "dropped"),
    },
  );
  return followedBy(refused, dropWaiting);
}

function noteSteered(state: CodexState, message: CodexMessage | null): CodexStep {
  return stepTo(state, { receipts: receiptOf(message?.messageId ?? null, "queued") });
}

/** The turn had just ended, or is of a kind that cannot be steered: the message begins the next one. */
function keepBack(state: CodexState, message: CodexMessage | null): CodexStep {
  if (!message) return stepTo(state);
  const rest = takeBack(state, message);
  const kept = { ...rest, waiting: [...rest.waiting, message] };
  if (kept.turn !== null) return stepTo(kept);
  return kept.isAtTurnLimit ? dropWaiting(kept) : sayWaiting(kept);
}
