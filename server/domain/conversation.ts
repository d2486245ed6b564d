import type { AgentKind } from "./workflow";

/**
 * What became of a message to a running agent:
 * - `queued`: Coppice has it, the agent not yet. It may be edited and withdrawn.
 * - `handed_over`: written to the agent; it takes it in at its next step.
 * - `read`: the model has it.
 * - `undelivered`: the agent ended without having read it.
 * - `withdrawn`: an operator took it back while it was queued.
 */
export const messageStates = ["queued", "handed_over", "read", "undelivered", "withdrawn"] as const;
export type MessageState = (typeof messageStates)[number];

/**
 * What became of a question of the agent's:
 * - `open`: its process waits for the answer.
 * - `allowed`, `denied`: answered by an operator.
 * - `expired`: denied by Coppice, because its deadline passed.
 * - `moot`: the agent went on, or ended, before anybody answered.
 */
export const questionStates = ["open", "allowed", "denied", "expired", "moot"] as const;
export type QuestionState = (typeof questionStates)[number];

/** `allow_in_session`: the same tool is allowed from here on in this session without asking. */
export const questionDecisions = ["allow", "allow_in_session", "deny"] as const;
export type QuestionDecision = (typeof questionDecisions)[number];

/** When an agent takes in a message that comes while it works; `never`: it reads none. */
export type Steering = "next_step" | "next_turn" | "never";

export const steeringOf: Record<AgentKind, Steering> = {
  "claude-code": "next_step",
  codex: "next_step",
  acp: "next_turn",
  shell: "never",
};

/**
 * The “tool” of the one question that Coppice asks itself: what comes next, after an operator has
 * interrupted the agent. Words answer it, and so does any message; a denial ends the run.
 */
export const nextMessageTool = "next_message";

export interface MessageView {
  id: string;
  runId: string;
  state: MessageState;
  text: string;
  /** The actor's name, e.g. `member:Tess`, or `coppice` for a message of Coppice's own. */
  by: string;
  createdAt: Date;
  editedAt: Date | null;
  handedOverAt: Date | null;
  readAt: Date | null;
  /** When it became undelivered or was withdrawn. */
  endedAt: Date | null;
}

export interface QuestionView {
  id: string;
  runId: string;
  state: QuestionState;
  tool: string;
  input: unknown;
  /** Why the agent asks, in its own words. */
  reason: string | null;
  /** A yes is no answer to it: it wants words. */
  needsWords: boolean;
  askedAt: Date;
  deadlineAt: Date;
  answeredAt: Date | null;
  answeredBy: string | null;
  /** The reason of a denial, or the words of an answer. */
  answerText: string | null;
  isForSession: boolean;
}

/** A question with the run that waits for its answer. */
export interface WaitingQuestionView extends QuestionView {
  run: { number: number; title: string; sessionId: string; workflow: string; repository: string };
}

/** All that is said beside the transcript, and what may be done now. */
export interface ConversationView {
  messages: MessageView[];
  questions: QuestionView[];
  steering: Steering;
  maySteer: boolean;
  mayInterrupt: boolean;
}
