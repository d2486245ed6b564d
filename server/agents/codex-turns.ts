import {
  ask,
  type CodexMessage,
  type CodexState,
  type CodexStep,
  clientIdOf,
  followedBy,
  stepTo,
} from "./codex-state";
import type { Receipt } from "./driver";

/** Hands a message over, and writes down that it was. */
export function say(state: CodexState, message: CodexMessage): CodexStep {
  const { messageId, text } = message;
  const entry = { kind: "message" as const, text, ...(messageId !== null && { messageId }) };
  const step = handOver(state, message);
  return { ...step, entries: [entry, ...step.entries] };
}

/** Begins a turn with the message, steers the turn that goes on, or keeps it until one can take it. */
function handOver(state: CodexState, message: CodexMessage): CodexStep {
  if (state.turn === null) return startTurn(state, message);
  if (!canSteer(state)) return stepTo({ ...state, waiting: [...state.waiting, message] });
  const told = describeMessage(state, message);
  const params = { ...told.params, expectedTurnId: state.turn.id };
  return ask(told.state, "steer", "turn/steer", params, message);
}

/** What is said after an interrupt is for the next turn. */
function canSteer({ turn, wasInterrupted }: CodexState): boolean {
  return turn?.isStarted === true && !wasInterrupted;
}

function startTurn(state: CodexState, message: CodexMessage): CodexStep {
  const told = describeMessage(state, message);
  const begun: CodexState = {
    ...told.state,
    turn: { id: null, isStarted: false },
    wasInterrupted: false,
    end: null,
    lastText: null,
  };
  return ask(begun, "turn", "turn/start", told.params, message);
}

function describeMessage(state: CodexState, message: CodexMessage) {
  const clientId = clientIdOf(state, message);
  const open = [...state.open, { clientId, messageId: message.messageId, isRead: false }];
  const params = {
    threadId: state.threadId,
    clientUserMessageId: clientId,
    input: [{ type: "text", text: message.text, text_elements: [] }],
  };
  return { state: { ...state, open }, params };
}

/** Codex refuses to interrupt a turn that it has not started yet, so that waits for the start. */
export function interruptTurn(state: CodexState): CodexStep {
  if (state.turn === null) return stepTo(state);
  if (!state.turn.isStarted) return stepTo({ ...state, wantsInterrupt: true });
  const params = { threadId: state.threadId, turnId: state.turn.id };
  return ask({ ...state, wantsInterrupt: false }, "interrupt", "turn/interrupt", params);
}

/** A turn of our conversation goes on: now it takes what waited for it. */
export function noteTurnStarted(state: CodexState, id: string | null): CodexStep {
  const turnIds =
    id === null || state.turnIds.includes(id) ? state.turnIds : [...state.turnIds, id];
  const started = stepTo({ ...state, turnIds, turn: { id, isStarted: true } });
  const steered = followedBy(started, sayWaiting);
  return state.wantsInterrupt ? followedBy(steered, interruptTurn) : steered;
}

/** Steers the turn by what waited for it; where none goes on, the first of it begins one. */
export function sayWaiting(state: CodexState): CodexStep {
  const [message, ...waiting] = state.waiting;
  const canTake = state.turn === null || canSteer(state);
  if (!message || !canTake) return stepTo(state);
  return followedBy(handOver({ ...state, waiting }, message), sayWaiting);
}

/** A message that Codex did not take is no longer on its way. */
export function takeBack(state: CodexState, message: CodexMessage): CodexState {
  const clientId = clientIdOf(state, message);
  return { ...state, open: state.open.filter((sent) => sent.clientId !== clientId) };
}

/** There is no next turn. */
export function dropWaiting(state: CodexState): CodexStep {
  const receipts = state.waiting.flatMap(({ messageId }) => receiptOf(messageId, "dropped"));
  return stepTo({ ...state, waiting: [] }, { receipts });
}

/** The prompt gets none: it is no operator's message. */
export function receiptOf(messageId: string | null, state: Receipt["state"]): Receipt[] {
  return messageId === null ? [] : [{ messageId, state }];
}
