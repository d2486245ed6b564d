import type { PermissionMode } from "@/server/domain/workflow";
import { answerClaude } from "./claude-questions";
import {
  type ClaudeState,
  freshState,
  requireSessionId,
  stepTo,
  withLaterFields,
} from "./claude-state";
import { concludeClaude } from "./conclude-claude";
import { deriveUuid } from "./derive-uuid";
import type { AgentDriver, DriverContext, Launch, OperatorInput, Step } from "./driver";
import { measureClaude } from "./measure-claude";
import { answerPause, endPause, wantPause } from "./pause";
import { readClaudeLine } from "./read-claude-line";
import { toLine } from "./to-line";

/**
 * Claude Code, as one process that speaks stream-json both ways. We choose its session id, its
 * prompt goes by stdin, and what it may not do without asking it asks us.
 */
export const claudeCode: AgentDriver<ClaudeState> = {
  kind: "claude-code",
  version: 2,
  reads: "lines",
  launch,
  begin,
  readLine: (state, line) => readClaudeLine(withLaterFields(state), line),
  receive: (state, input) => receive(withLaterFields(state), input),
  measure: measureClaude,
  conclude: concludeClaude,
};

function launch(context: DriverContext): Launch {
  const { program, isResume, maxTurns, maxCostUsd, model, extraArguments = [] } = context;
  const flags: [string, string | null][] = [
    ["--input-format", "stream-json"],
    ["--output-format", "stream-json"],
    ["--permission-prompt-tool", "stdio"],
    ["--permission-mode", modeOf[context.permissions ?? "allow_list"]],
    [isResume ? "--resume" : "--session-id", requireSessionId(context)],
    ["--max-turns", maxTurns === null ? null : String(maxTurns)],
    ["--max-budget-usd", maxCostUsd === null ? null : String(maxCostUsd)],
    ["--model", model],
    ["--append-system-prompt", isLongPrompt(context) ? null : context.systemPrompt],
    ["--allowedTools", context.allowedTools?.length ? context.allowedTools.join(",") : null],
  ];
  const set = flags.flatMap(([name, value]) => (value ? [name, value] : []));
  return {
    // A typed /clear would change the session id, so slash commands are off.
    argv: [program, "-p", "--verbose", "--disable-slash-commands", ...extraArguments, ...set],
    environment: {},
  };
}

const modeOf: Record<PermissionMode, string> = {
  ask: "default",
  accept_edits: "acceptEdits",
  allow_list: "acceptEdits",
  bypass: "bypassPermissions",
};

/** One argument may hold 128 KiB on Linux; a longer system prompt goes before the prompt. */
function isLongPrompt({ systemPrompt }: DriverContext): boolean {
  return systemPrompt !== null && Buffer.byteLength(systemPrompt) > 100 * 1024;
}

function begin(context: DriverContext): Step<ClaudeState> {
  const start = isLongPrompt(context) ? `${context.systemPrompt}\n\n` : "";
  return say(freshState(context), null, start + context.prompt);
}

function receive(state: ClaudeState, input: OperatorInput): Step<ClaudeState> {
  // Its stdin is closed or closing: what comes now stays undelivered.
  if (stepTo(state).isInputOver) return stepTo(state);
  switch (input.kind) {
    case "message":
      return endPause(state, (next) => say(next, input.id, input.text));
    case "answer": {
      const answered = answerPause(state, input);
      return answered ? stepTo(answered) : answerClaude(state, input);
    }
    case "interrupt":
      return interrupt(state, input);
  }
}

function interrupt(
  state: ClaudeState,
  { id, isPause = false }: Extract<OperatorInput, { kind: "interrupt" }>,
): Step<ClaudeState> {
  if (state.pausedBy !== null) return stepTo(state);
  const request_id = deriveUuid(state.nativeSessionId, state.attemptId, id);
  const request = { type: "control_request", request_id, request: { subtype: "interrupt" } };
  return stepTo(wantPause(state, isPause), { replies: [toLine(request)] });
}

function say(state: ClaudeState, messageId: string | null, text: string): Step<ClaudeState> {
  const uuid = deriveUuid(state.nativeSessionId, state.attemptId, messageId ?? "prompt");
  const line = toLine({
    type: "user",
    uuid,
    session_id: state.nativeSessionId,
    parent_tool_use_id: null,
    message: { role: "user", content: withoutCommand(text) },
  });
  const open = [...state.open, { uuid, messageId }];
  return stepTo(
    { ...state, open, hasResult: false },
    {
      entries: [{ kind: "message", text, ...(messageId !== null && { messageId }) }],
      replies: [line],
    },
  );
}

/** The CLI answers a message that begins with one of its commands itself; the model is to have it. */
function withoutCommand(text: string): string {
  return text.startsWith("/") ? ` ${text}` : text;
}
