import { type Usage, unknownUsage } from "@/server/domain/usage";
import type { DriverContext, Step } from "./driver";
import { type ClaudeMeasure, freshMeasure } from "./measure-claude";
import { noPause, type PauseFields } from "./pause";

/** A question, with what its answer must repeat. */
export interface AskedByClaude {
  requestId: string;
  tool: string;
  toolId: string | null;
  input: unknown;
  reason: string | null;
}

/** What the Claude Code driver remembers between two lines; stored with the run. */
export interface ClaudeState extends PauseFields {
  nativeSessionId: string;
  attemptId: string;
  allowedTools: string[];
  /** Messages that were sent and whose turn is not over. */
  open: { uuid: string; messageId: string | null }[];
  /** This version of the CLI reports what became of each message. */
  hasLifecycle: boolean;
  /** A result came after the last message was sent. */
  hasResult: boolean;
  /** The model is at work: something of it came after the last result. */
  isTurnOpen: boolean;
  isInputOver: boolean;
  mayAsk: boolean;
  /** What it waits for an answer to. */
  questions: AskedByClaude[];
  /** The other session id under which the agent answered. */
  foreignSessionId: string | null;
  /** Tool calls that we refused ourselves; the CLI may report them once more. */
  refusedToolIds: string[];
  usage: Usage;
  measured?: ClaudeMeasure;
  /** The agent session's cost so far, as the CLI counts it. */
  sessionCostUsd: number | null;
  sessionCostUsdBefore: number;
}

/** Not in the states that an earlier version of Coppice stored. */
const laterFields = {
  mayAsk: false,
  questions: [],
  ...noPause,
} satisfies Partial<ClaudeState>;

export function withLaterFields(stored: ClaudeState): ClaudeState {
  return { ...laterFields, ...stored };
}

export function freshState(context: DriverContext): ClaudeState {
  return {
    nativeSessionId: requireSessionId(context),
    attemptId: context.attemptId,
    allowedTools: context.allowedTools ?? [],
    open: [],
    hasLifecycle: false,
    hasResult: false,
    isTurnOpen: false,
    isInputOver: false,
    ...laterFields,
    wasInterrupted: false,
    mayAsk: context.mayAsk,
    foreignSessionId: null,
    refusedToolIds: [],
    usage: unknownUsage,
    measured: freshMeasure,
    sessionCostUsd: null,
    sessionCostUsdBefore: context.sessionCostUsdBefore,
    end: null,
  };
}

/** Claude Code takes our id, so there is one before anything is started. */
export function requireSessionId({ nativeSessionId }: DriverContext): string {
  if (nativeSessionId === null) throw new Error("Claude Code was given no session id");
  return nativeSessionId;
}

/** A step from `state`; it says by itself whether the conversation is over. */
export function stepTo(
  state: ClaudeState,
  rest: Partial<Step<ClaudeState>> = {},
): Step<ClaudeState> {
  const isOver =
    state.isInputOver || state.foreignSessionId !== null || (isIdle(state) && !state.isPauseWanted);
  return {
    state: { ...state, isInputOver: isOver },
    entries: [],
    replies: [],
    isInputOver: isOver,
    isTerminal: isOver,
    ...rest,
  };
}

/** Every message's turn is over, and the last one's result was read. */
export function isIdle({ hasResult, open }: ClaudeState): boolean {
  return hasResult && open.length === 0;
}
