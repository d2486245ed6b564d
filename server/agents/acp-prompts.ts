import { nextMessageTool } from "@/server/domain/conversation";
import {
  type AcpMessage,
  type AcpState,
  type AcpStep,
  ask,
  followedBy,
  isPrompting,
  stepTo,
} from "./acp-state";
import type { OperatorInput, Receipt } from "./driver";
import { toLine } from "./to-line";

/** Hands a message over, and writes down that it was. */
export function say(state: AcpState, message: AcpMessage): AcpStep {
  const { messageId, text } = message;
  const { state: next, settled } = endPause(state);
  const entry = { kind: "message" as const, text, ...(messageId !== null && { messageId }) };
  const step = handOver(next, message);
  return { ...step, entries: [entry, ...step.entries], ...(settled && { settled }) };
}

/**
 * Agents differ on a second prompt: one joins it to the first, another waits, another cancels the first.
 * So one is sent at a time, but to an agent that is known to join.
 */
function handOver(state: AcpState, message: AcpMessage): AcpStep {
  const canTake = !isPrompting(state) || (state.joinsPrompts && !state.wasInterrupted);
  const receipts = isPrompting(state) ? receiptOf(message.messageId, "queued") : [];
  const told = receipts.length > 0 ? { receipts } : {};
  if (!canTake) return stepTo({ ...state, waiting: [...state.waiting, message] }, told);
  return { ...prompt(state, message), ...told };
}

function prompt(state: AcpState, message: AcpMessage): AcpStep {
  const isFirst = state.prompts === 0 && state.resumeId === null;
  const texts = [...(isFirst && state.systemPrompt ? [state.systemPrompt] : []), message.text];
  const begun: AcpState = isPrompting(state)
    ? { ...state, prompts: state.prompts + 1 }
    : { ...state, prompts: state.prompts + 1, wasInterrupted: false, lastText: null };
  const params = {
    sessionId: state.sessionId,
    prompt: texts.map((text) => ({ type: "text", text })),
  };
  return ask(begun, "prompt", "session/prompt", params, message);
}

/** The first of what waited begins the next prompt. */
export function sayWaiting(state: AcpState): AcpStep {
  const [message, ...waiting] = state.waiting;
  if (!message || isPrompting(state)) return stepTo(state);
  return followedBy(prompt({ ...state, waiting }, message), sayWaiting);
}

/** There is no next prompt. */
export function dropWaiting(state: AcpState): AcpStep {
  const receipts = state.waiting.flatMap(({ messageId }) => receiptOf(messageId, "dropped"));
  return stepTo({ ...state, waiting: [] }, { receipts });
}

/** Its own words, or a tool's call, show that the model has the message. */
export function notePromptsRead(state: AcpState): AcpStep {
  const isNews = state.pending.some(({ isRead, purpose }) => purpose === "prompt" && !isRead);
  const [first] = state.pending.filter(({ purpose }) => purpose === "prompt");
  // What joined a prompt may not have been read yet when this came; its reply will tell.
  if (!isNews || !first || first.isRead) return stepTo(state);
  const pending = state.pending.map((one) => (one === first ? { ...one, isRead: true } : one));
  const receipts = receiptOf(first.message?.messageId ?? null, "read");
  return stepTo({ ...state, pending }, receipts.length > 0 ? { receipts } : {});
}

/** Cancels the prompt; whatever the agent asks meanwhile is answered so, as the protocol wants it. */
export function cancelPrompt(state: AcpState): AcpStep {
  const outcome = { outcome: { outcome: "cancelled" } };
  const answers = state.questions.map(({ requestId }) =>
    toLine({ jsonrpc: "2.0", id: requestId, result: outcome }),
  );
  const settled = state.questions.map(({ questionId }) => questionId);
  const params = { sessionId: state.sessionId };
  const cancel = toLine({ jsonrpc: "2.0", method: "session/cancel", params });
  return stepTo(
    { ...state, questions: [] },
    { replies: [...answers, cancel], ...(settled.length > 0 && { settled }) },
  );
}

export function interrupt(
  state: AcpState,
  { isPause = false }: Extract<OperatorInput, { kind: "interrupt" }>,
): AcpStep {
  if (state.pausedBy !== null || !isPrompting(state)) return stepTo(state);
  return cancelPrompt({ ...state, wasInterrupted: true, isPauseWanted: isPause });
}

/**
 * After an interrupt that keeps the agent, and when nothing it was told is left: its next message is
 * asked for. A prompt that ended by itself before the interrupt came is an end like any other.
 */
export function pauseIfIdle(state: AcpState): AcpStep {
  if (!state.isPauseWanted || state.end === null || isPrompting(state)) return stepTo(state);
  if (state.pausedBy !== null || state.waiting.length > 0) return stepTo(state);
  if (state.end.reason !== "cancelled_by_operator") {
    return stepTo({ ...state, isPauseWanted: false, wasInterrupted: false });
  }
  const pauses = state.pauses + 1;
  const questionId = `next-message-${pauses}`;
  const question = {
    questionId,
    tool: nextMessageTool,
    input: null,
    reason: "The agent was interrupted. What next?",
    needsWords: true,
  };
  const paused = { ...state, pausedBy: questionId, pauses, wasInterrupted: false };
  return stepTo(paused, { questions: [question] });
}

/** What is said next ends the pause, whether or not anybody answered the question for it. */
function endPause(state: AcpState): { state: AcpState; settled?: string[] } {
  if (state.pausedBy === null) return { state };
  const ended = { ...state, pausedBy: null, isPauseWanted: false, end: null };
  return { state: ended, settled: [state.pausedBy] };
}

/** Nothing is to follow the interrupt: the run ends with it. Null for an answer to something else. */
export function refuseNext(
  state: AcpState,
  { questionId, isAllowed, text }: Extract<OperatorInput, { kind: "answer" }>,
): AcpStep | null {
  if (state.pausedBy !== questionId) return null;
  // The words themselves come as a message.
  if (isAllowed) return stepTo(state);
  const end = state.end && { ...state.end, error: text ?? state.end.error };
  return stepTo({ ...state, pausedBy: null, isPauseWanted: false, end });
}

/** The prompt gets none: it is no operator's message. */
export function receiptOf(messageId: string | null, state: Receipt["state"]): Receipt[] {
  return messageId === null ? [] : [{ messageId, state }];
}
