import type { EndReason } from "@/server/domain/end-reasons";
import type { PermissionMode } from "@/server/domain/workflow";
import { findAcpAgent } from "./acp-agents";
import type { DriverContext, Question, Step } from "./driver";
import { toLine } from "./to-line";

export type AcpStep = Step<AcpState>;

/** What was said to the agent; the prompt has no message id. */
export interface AcpMessage {
  messageId: string | null;
  text: string;
}

type Purpose = "initialize" | "open" | "prompt";

export interface AcpTool {
  id: string;
  name: string;
  kind: string;
  title: string;
  input: unknown;
  /** Its call stands in the transcript. */
  isShown: boolean;
}

export interface AskedByAcp extends Question {
  requestId: string | number;
  toolId: string;
  options: { optionId: string; kind: string }[];
}

/** What the driver of ACP agents remembers between two lines; stored with the run. */
export interface AcpState {
  attemptId: string;
  workspacePath: string;
  systemPrompt: string | null;
  allowedTools: string[];
  permissions: PermissionMode;
  /** The workflow lists no tools, and our sandbox holds whatever the agent does. */
  allowsAll: boolean;
  mayAsk: boolean;
  maxCostUsd: number | null;
  joinsPrompts: boolean;
  tellsLastRequestOnly: boolean;
  /** Only replies count yet: all else is read once more after the greeting, for the record. */
  isGreeting: boolean;
  /** The conversation to go on with, where the agent can. */
  resumeId: string | null;
  /** The request that opened the conversation: what came before its reply is old. */
  openedBy: number | null;
  /** The greeting is read once more, for the record, and its end has not come. */
  isRereading: boolean;
  sessionId: string | null;
  /** The other conversation under which the agent went on. */
  foreignSessionId: string | null;
  requests: number;
  pending: { id: number; purpose: Purpose; message: AcpMessage | null; isRead: boolean }[];
  /** Said while a prompt went on that takes no more in. */
  waiting: AcpMessage[];
  /** A text that still comes piece by piece. */
  chunk: { kind: "text" | "thinking"; messageId: string | null; text: string } | null;
  tools: AcpTool[];
  /** Refused calls: what the agent tells of them later is known already. */
  refusedToolIds: string[];
  plans: number;
  questions: AskedByAcp[];
  wasInterrupted: boolean;
  /** The agent is kept after the interrupt, for what is said next. */
  isPauseWanted: boolean;
  /** The id of the question for its next message, while that is open. */
  pausedBy: string | null;
  pauses: number;
  isOverBudget: boolean;
  prompts: number;
  tokens: { input: number; output: number; cached: number } | null;
  costUsdBefore: number;
  /** The conversation's cost so far, as the agent counts it; null while it has told none. */
  costUsdTotal: number | null;
  lastText: string | null;
  isInputOver: boolean;
  /** How the newest prompt ended. */
  end: { reason: EndReason; text: string | null; error: string | null } | null;
}

export function freshState(context: DriverContext): AcpState {
  const agent = findAcpAgent(context.command);
  const permissions = context.permissions ?? "allow_list";
  return {
    attemptId: context.attemptId,
    workspacePath: context.workspacePath,
    systemPrompt: context.systemPrompt,
    allowedTools: context.allowedTools ?? [],
    permissions,
    allowsAll: allowsAll(context),
    mayAsk: context.mayAsk,
    maxCostUsd: context.maxCostUsd,
    joinsPrompts: agent?.joinsPrompts ?? false,
    tellsLastRequestOnly: agent?.tellsLastRequestOnly ?? false,
    isGreeting: true,
    resumeId: context.isResume && agent?.canResume !== false ? context.nativeSessionId : null,
    openedBy: null,
    isRereading: false,
    sessionId: null,
    foreignSessionId: null,
    requests: 0,
    pending: [],
    waiting: [],
    chunk: null,
    tools: [],
    refusedToolIds: [],
    plans: 0,
    questions: [],
    wasInterrupted: false,
    isPauseWanted: false,
    pausedBy: null,
    pauses: 0,
    isOverBudget: false,
    prompts: 0,
    tokens: null,
    costUsdBefore: context.sessionCostUsdBefore,
    costUsdTotal: null,
    lastText: null,
    isInputOver: false,
    end: null,
  };
}

/** A workflow that lists tools wants no others; without our sandbox nothing would hold the agent. */
export function allowsAll({ permissions, allowedTools, isSandboxed }: DriverContext): boolean {
  if (permissions === "bypass") return true;
  const hasToolList = (allowedTools ?? []).length > 0;
  return (permissions ?? "allow_list") === "allow_list" && isSandboxed && !hasToolList;
}

export const isPrompting = ({ pending }: AcpState): boolean =>
  pending.some(({ purpose }) => purpose === "prompt");

/** Nothing goes on and nothing is on its way. */
export const isIdle = (state: AcpState): boolean =>
  !isPrompting(state) && state.waiting.length === 0;

/** A step from `state`; it says by itself whether the conversation is over. */
export function stepTo(state: AcpState, rest: Partial<AcpStep> = {}): AcpStep {
  const isEnded = state.end !== null && isIdle(state) && !state.isPauseWanted;
  const isOver = state.isInputOver || state.foreignSessionId !== null || isEnded;
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
export function followedBy(first: AcpStep, next: (state: AcpState) => AcpStep): AcpStep {
  const second = next(first.state);
  const receipts = [...(first.receipts ?? []), ...(second.receipts ?? [])];
  const questions = [...(first.questions ?? []), ...(second.questions ?? [])];
  const settled = [...(first.settled ?? []), ...(second.settled ?? [])];
  return {
    ...second,
    entries: [...first.entries, ...second.entries],
    replies: [...first.replies, ...second.replies],
    ...(receipts.length > 0 && { receipts }),
    ...(questions.length > 0 && { questions }),
    ...(settled.length > 0 && { settled }),
  };
}

/** Asks the agent something; what it replies comes back with the purpose. */
export function ask(
  state: AcpState,
  purpose: Purpose,
  method: string,
  params: unknown,
  message: AcpMessage | null = null,
): AcpStep {
  const id = state.requests + 1;
  const pending = [...state.pending, { id, purpose, message, isRead: false }];
  const line = toLine({ jsonrpc: "2.0", id, method, params });
  return stepTo({ ...state, requests: id, pending }, { replies: [line] });
}

export function notice(state: AcpState, text: string): AcpStep {
  return stepTo(state, { entries: [{ kind: "notice", text }] });
}
