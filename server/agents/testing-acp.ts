import { acp } from "./acp";
import type { AcpState } from "./acp-state";
import type { DriverContext, OperatorInput, Step } from "./driver";
import { codexContext } from "./testing-codex";
import { type Recorded, type ReplayOptions, readFixture, type TimedInput } from "./testing-replay";

const acpContext: DriverContext = {
  ...codexContext,
  program: "/opt/agents/opencode",
  command: "opencode acp",
};

/** What an operator did in the recording: each prompt but the first, and each cancel. */
function readInputs(recorded: Recorded[]): TimedInput[] {
  const inputs: TimedInput[] = [];
  let afterLines = 0;
  let prompts = 0;
  for (const { io, line } of recorded) {
    if (io === "out") afterLines++;
    if (io !== "in" || typeof line === "string") continue;
    const { method, id, params } = line as { method: string; id: number; params: unknown };
    if (method === "session/cancel")
      inputs.push({ afterLines, input: { kind: "interrupt", id: "i" } });
    if (method !== "session/prompt" || ++prompts === 1) continue;
    const text = (params as { prompt: { text: string }[] }).prompt[0]?.text ?? "";
    // What follows a cancel was said with it: an agent that has nothing to do is let go.
    const cancel = inputs.findLast(({ input }) => input.kind === "interrupt");
    const at = cancel?.afterLines ?? afterLines;
    inputs.push({ afterLines: at, input: { kind: "message", id: `m${id}`, text } });
  }
  return inputs;
}

const commands: Record<string, string> = {
  gemini: "gemini --acp --skip-trust",
  opencode: "opencode acp",
  claude: "claude-agent-acp",
  codex: "codex-acp",
};

export function acpOptions(
  name: string,
  change: Partial<DriverContext> = {},
): ReplayOptions<AcpState> {
  const recorded = readFixture(name);
  const command = commands[name.split("-")[1] ?? ""] ?? null;
  const context = { ...acpContext, command, ...change };
  return { driver: acp, context, recorded, inputs: readInputs(recorded) };
}

const sessionId = "session-1";

/** A conversation with an ACP agent, line by line: what was written down and said so far. */
export class AcpTalk {
  step: Step<AcpState>;
  entries: Step<AcpState>["entries"] = [];
  replies: string[] = [];
  receipts: NonNullable<Step<AcpState>["receipts"]> = [];
  questions: NonNullable<Step<AcpState>["questions"]> = [];
  settled: string[] = [];
  context: DriverContext;

  /** Its conversation is open and the prompt was sent, as request 3; or only `initialize` was. */
  constructor(
    change: Partial<DriverContext> = {},
    capabilities: object = {},
    upTo: "opening" | "prompt" = "prompt",
  ) {
    this.context = { ...acpContext, ...change };
    this.step = acp.greet?.(this.context) as Step<AcpState>;
    this.take(this.step);
    if (upTo === "opening") return;
    const old = { sessionUpdate: "agent_message_chunk", content: { type: "text", text: "old" } };
    const greeting = [
      { id: 1, result: { protocolVersion: 1, agentCapabilities: capabilities } },
      { method: "session/update", params: { sessionId, update: old } },
      { id: 2, result: { sessionId } },
    ];
    for (const line of greeting) this.line(line);
    this.take(acp.begin(this.context, this.step.state));
    // As the worker does: for the record.
    for (const line of greeting) this.line(line);
  }
  take(step: Step<AcpState>): Step<AcpState> {
    this.step = step;
    this.entries.push(...step.entries);
    this.replies.push(...step.replies);
    this.receipts.push(...(step.receipts ?? []));
    this.questions.push(...(step.questions ?? []));
    this.settled.push(...(step.settled ?? []));
    return step;
  }
  line(line: object) {
    return this.take(acp.readLine(this.step.state, JSON.stringify({ jsonrpc: "2.0", ...line })));
  }
  reply = (id: number, result: object) => this.line({ id, result });
  refuse = (id: number, error: object) => this.line({ id, error });
  update = (update: object, of = sessionId) =>
    this.line({ method: "session/update", params: { sessionId: of, update } });
  text = (text: string, more: object = {}) =>
    this.update({ sessionUpdate: "agent_message_chunk", content: { type: "text", text }, ...more });
  ask = (id: number, toolCall: object, options = usualOptions) =>
    this.line({
      ...{ id, method: "session/request_permission" },
      params: { sessionId, toolCall, options },
    });
  end = (id: number, stopReason = "end_turn", more: object = {}) =>
    this.reply(id, { stopReason, ...more });
  receive = (input: OperatorInput) => this.take(acp.receive(this.step.state, input));
  say = (id: string, text = id) => this.receive({ kind: "message", id, text });
  conclude = () => acp.conclude(this.step.state, { code: 0, signal: null, tail: "" });
  /** Everything said since the greeting. */
  said = () => this.replies.slice(2).map((line) => JSON.parse(line) as Record<string, never>);
  methods = () => this.said().map(({ method, result }) => method ?? result);
}

const usualOptions = [
  { optionId: "always", name: "Always", kind: "allow_always" },
  { optionId: "once", name: "Once", kind: "allow_once" },
  { optionId: "no", name: "No", kind: "reject_once" },
];
