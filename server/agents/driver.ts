import type { EndReason } from "@/server/domain/end-reasons";
import type { McpServer } from "@/server/domain/mcp-servers";
import type { TranscriptEntry } from "@/server/domain/transcript";
import type { ModelUsage, Progress, Usage } from "@/server/domain/usage";
import type { AgentKind, PermissionMode } from "@/server/domain/workflow";

/** All that a driver may know of the attempt it drives. Plain data: it is stored and replayed. */
export interface DriverContext {
  /** The absolute path of the agent's program on this host; for `shell`, of bash. */
  program: string;
  /** For `shell`: the command of the workflow. */
  command: string | null;
  /** The workflow's prompt followed by the run's message. */
  prompt: string;
  systemPrompt: string | null;
  model: string | null;
  /** The agent's own id of the conversation; null while the agent that gives it has not. */
  nativeSessionId: string | null;
  /** Makes the ids of messages differ from those of earlier attempts in the same agent session. */
  attemptId: string;
  /** The conversation exists already on this host and is gone on with. */
  isResume: boolean;
  maxTurns: number | null;
  maxCostUsd: number | null;
  allowedTools: string[] | null;
  workspacePath: string;
  /** Coppice confines the agent; one that is not confined confines its commands itself, if it can. */
  isSandboxed: boolean;
  /** An operator can be asked; else the workflow's list answers every question at once. */
  mayAsk: boolean;
  /** Left out: `allow_list`. */
  permissions?: PermissionMode;
  /** Put before the driver's own: see `compose-arguments.ts`. */
  extraArguments?: string[];
  /**
   * For agents that are told of MCP servers in their own language. It holds secrets: what is said
   * goes to the agent's stdin, and never into the driver's state.
   */
  mcpServers?: McpServer[];
  /** The agent session's cost so far, as the last run of it reported; 0 for a new one. */
  sessionCostUsdBefore: number;
}

export interface Launch {
  argv: string[];
  /** Variables that this agent needs beside the allow-listed ones. */
  environment: Record<string, string>;
}

/** What became of a message that was handed to the agent. */
export interface Receipt {
  messageId: string;
  /** queued: it waits for the agent's next step. read: the model has it. done: its turn is over. */
  state: "queued" | "read" | "done" | "dropped";
}

/** What an agent wants to know before it goes on; an `answer` with its id follows. */
export interface Question {
  questionId: string;
  tool: string;
  input: unknown;
  /** Why it asks, in its own words. */
  reason: string | null;
  /** A yes is no answer to it. */
  needsWords?: boolean;
}

/** What follows from one input. Replies are whole lines for the agent's stdin, newline included. */
export interface Step<State> {
  state: State;
  entries: TranscriptEntry[];
  replies: string[];
  /** Nothing more will be said to the agent: its stdin may be closed. */
  isInputOver: boolean;
  /** The terminal event was read: the agent has said how it ended. */
  isTerminal: boolean;
  receipts?: Receipt[];
  /**
   * Opened by this step: where the context says that an operator can be asked, and after an interrupt
   * (`nextMessageTool`), when there was an operator.
   */
  questions?: Question[];
  /** Ids of questions that want no answer any more: the agent took them back, or went on without. */
  settled?: string[];
  /** The name that the agent gave the conversation: the answer to a greeting. */
  nativeSessionId?: string;
}

export interface Exit {
  /** Null when the process was killed by a signal or its exit was never seen. */
  code: number | null;
  signal: string | null;
  /** The last lines of stderr (for `shell`: of the output), for the error shown. */
  tail: string;
}

export interface Conclusion {
  reason: EndReason;
  /** The agent's final text, whole. */
  result: string | null;
  error: string | null;
  usage: Usage;
  /** The same by model; left out where the agent names none. */
  models?: ModelUsage[];
  /** False: something was used beyond what was told, as when it was killed in a turn. */
  isUsageWhole?: boolean;
  /** Seconds since 1970: when the provider's limit resets, where the agent told it. */
  usageResetsAt?: number | null;
  /** What to give the next run of this agent session as `sessionCostUsdBefore`. */
  sessionCostUsdAfter: number | null;
}

export type OperatorInput =
  /** Steers: the agent takes it in at its next step. */
  | { kind: "message"; id: string; text: string }
  /** `isPause`: with nothing more to do, the agent is kept and its next message is asked for. */
  | { kind: "interrupt"; id: string; isPause?: boolean }
  | { kind: "answer"; id: string; questionId: string; isAllowed: boolean; text?: string };

/**
 * A driver knows one agent's language. It is pure: no clock, no file, no process, no random number;
 * replaying the same lines over the same state gives the same steps. `State` is JSON.
 */
export interface AgentDriver<State = unknown> {
  kind: AgentKind;
  /** Raised whenever the form of `State` changes; a stored state of another version is replayed. */
  version: number;
  /** `lines`: stdout is read line by line by `readLine`. `raw`: nobody reads it, it is only stored. */
  reads: "lines" | "raw";
  launch(context: DriverContext): Launch;
  /**
   * Only where the agent itself names the conversation: asks it to. Lines are read until a step names
   * it (or is terminal); none of these steps is stored, and `begin` is given the last one's state.
   * Afterwards the same lines are read again, for the record, and bring no reply a second time.
   */
  greet?(context: DriverContext): Step<State>;
  /** Hands over the first prompt. Called once every id is known. */
  begin(context: DriverContext, greeted?: State): Step<State>;
  readLine(state: State, line: string): Step<State>;
  receive(state: State, input: OperatorInput): Step<State>;
  /** How far the agent has gone; left out where its stream tells nothing of it. */
  measure?(state: State): Progress;
  conclude(state: State, exit: Exit): Conclusion;
}
