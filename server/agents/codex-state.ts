import { deriveUuid } from "./derive-uuid";
import type { DriverContext, Question, Step } from "./driver";
import { noPause, type PauseFields } from "./pause";
import { toLine } from "./to-line";

export type CodexStep = Step<CodexState>;

/** What was said to the agent; the prompt has no message id. */
export interface CodexMessage {
  messageId: string | null;
  text: string;
}

/** Why we asked Codex something; its reply says no more than the request's number. */
export type Purpose = "initialize" | "thread" | "turn" | "steer" | "interrupt";

export interface Tokens {
  input: number;
  cached: number;
  output: number;
}

/** What the Codex driver remembers between two lines; stored with the run. */
export interface CodexState extends PauseFields {
  attemptId: string;
  workspacePath: string;
  allowedTools: string[];
  /** The workflow lists no tools, and our sandbox holds whatever the agent does. */
  allowsAll: boolean;
  mayAsk: boolean;
  maxTurns: number | null;
  /** Only replies count yet: all else is read once more after the greeting, for the record. */
  isGreeting: boolean;
  /** How the conversation is to be opened, once Codex has answered `initialize`. */
  opening: { method: string; params: Record<string, unknown> } | null;
  /** The conversation to go on with. */
  expectedThreadId: string | null;
  threadId: string | null;
  /** The other conversation under which Codex went on. */
  foreignThreadId: string | null;
  requests: number;
  pending: { id: number; purpose: Purpose; message: CodexMessage | null }[];
  /** Said while no turn could take it. */
  waiting: CodexMessage[];
  /** Handed over, and its turn is not over. */
  open: { clientId: string; messageId: string | null; isRead: boolean }[];
  /** The turn that goes on. Codex can be steered and interrupted once it has started it. */
  turn: { id: string | null; isStarted: boolean } | null;
  /** The turns of this attempt. */
  turnIds: string[];
  /** Conversations of sub-agents, with the tool call that began each. */
  subThreads: { id: string; toolId: string | null }[];
  openToolIds: string[];
  plans: number;
  questions: (Question & { requestId: string | number; method: string; params: unknown })[];
  /** Changes of files are allowed without asking. */
  acceptsEdits: boolean;
  wantsInterrupt: boolean;
  isAtTurnLimit: boolean;
  /** A tool was called since the model's last request was counted. */
  hasCalledTool: boolean;
  turns: number;
  /** Each conversation's own running total. */
  totals: { threadId: string; tokens: Tokens }[];
  used: Tokens | null;
  model: string | null;
  /** Seconds since 1970: when the fullest of the provider's limits resets. */
  limitResetsAt: number | null;
  lastText: string | null;
  /** The last error that was told, lest the result tells it again. */
  toldError: string | null;
  isInputOver: boolean;
}

export function freshState(context: DriverContext, opening: CodexState["opening"]): CodexState {
  return {
    attemptId: context.attemptId,
    workspacePath: context.workspacePath,
    allowedTools: context.allowedTools ?? [],
    allowsAll: context.isSandboxed && (isBypass(context) || !isAskedFor(context)),
    ...noPause,
    acceptsEdits: context.permissions === "accept_edits",
    mayAsk: context.mayAsk,
    maxTurns: context.maxTurns,
    isGreeting: true,
    opening,
    expectedThreadId: context.isResume ? context.nativeSessionId : null,
    threadId: null,
    foreignThreadId: null,
    requests: 0,
    pending: [],
    waiting: [],
    open: [],
    turn: null,
    turnIds: [],
    subThreads: [],
    openToolIds: [],
    plans: 0,
    questions: [],
    wantsInterrupt: false,
    wasInterrupted: false,
    isAtTurnLimit: false,
    hasCalledTool: false,
    turns: 0,
    totals: [],
    used: null,
    model: context.model,
    limitResetsAt: null,
    lastText: null,
    toldError: null,
    isInputOver: false,
    end: null,
  };
}

/** Codex is to ask before it runs a command: the list, or an operator, answers. */
export function isAskedFor({ allowedTools, mayAsk }: DriverContext): boolean {
  // A workflow that lists tools wants no others.
  return mayAsk || (allowedTools !== null && allowedTools.length > 0);
}

export function isBypass({ permissions }: DriverContext): boolean {
  return permissions === "bypass";
}

/** Not in the states that an earlier version of Coppice stored. */
const laterFields = { ...noPause, acceptsEdits: false } satisfies Partial<CodexState>;

export function withLaterFields(stored: CodexState): CodexState {
  return { ...laterFields, ...stored };
}

/** Nothing goes on and nothing is on its way. */
export function isIdle({ turn, waiting, pending }: CodexState): boolean {
  const isAsked = pending.some(({ purpose }) => purpose === "turn" || purpose === "steer");
  return turn === null && waiting.length === 0 && !isAsked;
}

/** A step from `state`; it says by itself whether the conversation is over. */
export function stepTo(state: CodexState, rest: Partial<CodexStep> = {}): CodexStep {
  const isEnded = state.end !== null && isIdle(state) && !state.isPauseWanted;
  const isOver = state.isInputOver || state.foreignThreadId !== null || isEnded;
  return {
    state: { ...state, isInputOver: isOver },
    entries: [],
    replies: [],
    isInputOver: isOver,
    isTerminal: isOver,
    ...rest,
  };
}

/** What the second step adds to the first. */
export function followedBy(first: CodexStep, next: (state: CodexState) => CodexStep): CodexStep {
  const second = next(first.state);
  const receipts = [...(first.receipts ?? []), ...(second.receipts ?? [])];
  return {
    ...second,
    entries: [...first.entries, ...second.entries],
    replies: [...first.replies, ...second.replies],
    ...(receipts.length > 0 && { receipts }),
  };
}

/** Asks Codex something; what it replies comes back with the purpose. */
export function ask(
  state: CodexState,
  purpose: Purpose,
  method: string,
  params: unknown,
  message: CodexMessage | null = null,
): CodexStep {
  const id = state.requests + 1;
  const pending = [...state.pending, { id, purpose, message }];
  return stepTo({ ...state, requests: id, pending }, { replies: [toLine({ id, method, params })] });
}

/** The id under which Codex reports what became of a message. */
export function clientIdOf(state: Pick<CodexState, "attemptId">, message: CodexMessage): string {
  return deriveUuid("codex", state.attemptId, message.messageId ?? "prompt");
}

export function notice(state: CodexState, text: string): CodexStep {
  return stepTo(state, { entries: [{ kind: "notice", text }] });
}
