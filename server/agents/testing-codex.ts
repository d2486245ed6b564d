import { codex } from "./codex";
import type { CodexState } from "./codex-state";
import type { DriverContext, OperatorInput, Step } from "./driver";
import {
  type Recorded,
  type ReplayOptions,
  readFixture,
  replay,
  type TimedInput,
} from "./testing-replay";

export const codexContext: DriverContext = {
  program: "/opt/agents/codex",
  command: null,
  prompt: "Do it.",
  systemPrompt: null,
  model: null,
  nativeSessionId: null,
  attemptId: "attempt",
  isResume: false,
  maxTurns: null,
  maxCostUsd: null,
  allowedTools: null,
  workspacePath: "/workspaces/demo",
  isSandboxed: true,
  mayAsk: false,
  sessionCostUsdBefore: 0,
};

/** What an operator did in the recording; a turn begun after an interrupt was said with it. */
function readInputs(recorded: Recorded[]): TimedInput[] {
  const inputs: TimedInput[] = [];
  let afterLines = 0;
  let interruptedAfter = 0;
  for (const { io, line } of recorded) {
    if (io === "out") afterLines++;
    if (io !== "in" || typeof line === "string") continue;
    const { method, id, params } = line as { method: string; id: number; params: unknown };
    const text = (params as { input?: { text: string }[] } | undefined)?.input?.[0]?.text ?? "";
    if (method === "turn/interrupt") {
      interruptedAfter = afterLines;
      inputs.push({ afterLines, input: { kind: "interrupt", id: "i" } });
    }
    const isLater = method === "turn/start" && id > 3;
    if (method !== "turn/steer" && !isLater) continue;
    const at = isLater ? interruptedAfter : afterLines;
    inputs.push({ afterLines: at, input: { kind: "message", id: `m${id}`, text } });
  }
  return inputs;
}

export function codexOptions(
  name: string,
  change: Partial<DriverContext> = {},
): ReplayOptions<CodexState> {
  const recorded = readFixture(name);
  const inputs = readInputs(recorded);
  return { driver: codex, context: { ...codexContext, ...change }, recorded, inputs };
}

export const replayCodex = (name: string, change: Partial<DriverContext> = {}, upTo?: number) =>
  replay({ ...codexOptions(name, change), ...(upTo !== undefined && { upTo }) });

export const sentBy = ({ replies }: { replies: string[] }) =>
  replies.map((reply) => JSON.parse(reply) as Record<string, never>);

export const methodsOf = (step: { replies: string[] }) => sentBy(step).map(({ method }) => method);

const threadId = "thread-1";

/** A conversation with Codex, line by line: what was written down and said so far. */
export class CodexTalk {
  step: Step<CodexState>;
  entries: Step<CodexState>["entries"] = [];
  replies: string[] = [];
  receipts: NonNullable<Step<CodexState>["receipts"]> = [];

  /** Its first turn is asked for, answered, or started. */
  constructor(
    change: Partial<DriverContext> = {},
    turn: "asked" | "answered" | "started" = "started",
  ) {
    const context = { ...codexContext, ...change };
    this.step = codex.greet?.(context) as Step<CodexState>;
    this.take(this.step);
    this.reply(1, {});
    this.reply(2, { thread: { id: threadId } });
    this.take(codex.begin(context, this.step.state));
    if (turn !== "asked") this.reply(3, { turn: { id: "turn-1" } });
    if (turn === "started") this.start("turn-1");
  }
  take(step: Step<CodexState>): Step<CodexState> {
    this.step = step;
    this.entries.push(...step.entries);
    this.replies.push(...step.replies);
    this.receipts.push(...(step.receipts ?? []));
    return step;
  }
  line(line: object) {
    return this.take(codex.readLine(this.step.state, JSON.stringify(line)));
  }
  reply = (id: number, result: object) => this.line({ id, result });
  refuse = (id: number, message: string) => this.line({ id, error: { code: -32600, message } });
  note = (method: string, params: object) => this.line({ method, params: { threadId, ...params } });
  start = (id: string) => this.note("turn/started", { turn: { id } });
  end = (id: string, status = "completed", error: object | null = null) =>
    this.note("turn/completed", { turn: { id, status, error } });
  item = (item: object, more: object = {}) => this.note("item/completed", { item, ...more });
  say = (id: string, text = id) => this.receive({ kind: "message", id, text });
  receive = (input: OperatorInput) => this.take(codex.receive(this.step.state, input));
  usage = (total: number, turnId = "turn-1", of = threadId) => {
    const tokens = { inputTokens: total, outputTokens: total, cachedInputTokens: 0 };
    return this.note("thread/tokenUsage/updated", {
      ...{ threadId: of, turnId, tokenUsage: { total: tokens, last: { ...tokens } } },
    });
  };
  conclude = () => codex.conclude(this.step.state, { code: 0, signal: null, tail: "" });
  methods = () => methodsOf(this).slice(4);
}
