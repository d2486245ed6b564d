import { nextMessageTool } from "@/server/domain/conversation";
import type { EndReason } from "@/server/domain/end-reasons";
import type { OperatorInput, Step } from "./driver";

/** What a driver remembers of an interrupt after which its agent is kept for another message. */
export interface PauseFields {
  isPauseWanted: boolean;
  /** The id of the question for its next message, while that is open. */
  pausedBy: string | null;
  pauses: number;
  wasInterrupted: boolean;
  /** How the newest turn ended. */
  end: { reason: EndReason; text: string | null; error: string | null } | null;
}

export const noPause = {
  isPauseWanted: false,
  pausedBy: null,
  pauses: 0,
} satisfies Partial<PauseFields>;

/** An interrupt is on its way to the agent; how an earlier turn ended says nothing of this one. */
export function wantPause<State extends PauseFields>(state: State, isPause: boolean): State {
  const interrupted = { ...state, wasInterrupted: true };
  return isPause ? { ...interrupted, isPauseWanted: true, end: null } : interrupted;
}

/**
 * When the agent was interrupted and has nothing left to do, its next message is asked for. A turn that
 * ended by itself before the interrupt came is an end like any other: then `stepTo` says whether
 * it is over.
 */
export function pauseIfIdle<State extends PauseFields>(
  step: Step<State>,
  isIdle: boolean,
  stepTo: (state: State) => Step<State>,
): Step<State> {
  const { state } = step;
  if (!state.isPauseWanted || state.pausedBy !== null || state.end === null) return step;
  const wasCut = state.end.reason === "cancelled_by_operator";
  // The interrupt has done its work: what ends after it was not ended by it.
  const heeded = wasCut ? { ...step, state: { ...state, wasInterrupted: false } } : step;
  if (!isIdle) return heeded;
  if (!wasCut) {
    const { state: next, isInputOver, isTerminal } = stepTo({ ...state, isPauseWanted: false });
    return { ...step, state: next, isInputOver, isTerminal };
  }
  const pauses = state.pauses + 1;
  const question = {
    questionId: `next-message-${pauses}`,
    tool: nextMessageTool,
    input: null,
    reason: "The agent was interrupted. What next?",
    needsWords: true,
  };
  const paused = { ...heeded.state, pausedBy: question.questionId, pauses };
  return { ...step, state: paused, questions: [...(step.questions ?? []), question] };
}

/** What is said next ends the pause, whether or not anybody answered the question for it. */
export function endPause<State extends PauseFields>(
  state: State,
  say: (state: State) => Step<State>,
): Step<State> {
  if (state.pausedBy === null) return say(state);
  const ended = { ...state, pausedBy: null, isPauseWanted: false, end: null };
  return { ...say(ended), settled: [state.pausedBy] };
}

/**
 * The answer to the question for the next message: the state it leads to, null for an answer to another
 * question. Words come as a message of their own; a denial ends the run with the interrupt.
 */
export function answerPause<State extends PauseFields>(
  state: State,
  { questionId, isAllowed, text }: Extract<OperatorInput, { kind: "answer" }>,
): State | null {
  if (state.pausedBy !== questionId) return null;
  if (isAllowed) return state;
  const end = state.end && { ...state.end, error: text ?? state.end.error };
  return { ...state, pausedBy: null, isPauseWanted: false, end };
}

/** Names the questions that were open before a step and are not after it. */
export function noteSettled<State>(
  before: State,
  step: Step<State>,
  openIn: (state: State) => string[],
): Step<State> {
  const open = new Set(openIn(step.state));
  const settled = openIn(before).filter((id) => !open.has(id));
  return settled.length > 0 ? { ...step, settled } : step;
}
