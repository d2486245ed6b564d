import type { TranscriptEntry } from "@/server/domain/transcript";
import { forgetQuestion, readClaudeRequest } from "./claude-questions";
import { readClaudeResult } from "./claude-result";
import { type ClaudeState, isIdle, stepTo } from "./claude-state";
import type { Receipt, Step } from "./driver";
import {
  asFields,
  asList,
  asNumber,
  asText,
  type Fields,
  fieldsIn,
  parseFields,
} from "./json-fields";
import { measureMessage, measureRateLimit, measureToolResults } from "./measure-claude";
import { noteSettled, pauseIfIdle } from "./pause";
import { toolResult } from "./tool-result";

type ClaudeStep = Step<ClaudeState>;

/** What one line of Claude Code's stdout means, and what is settled or begins to wait with it. */
export function readClaudeLine(state: ClaudeState, text: string): ClaudeStep {
  const read = readLine(state, text);
  const step = pauseIfIdle(read, isIdle(read.state), stepTo);
  return noteSettled(state, step, ({ questions }) => questions.map(({ requestId }) => requestId));
}

/** Types of line that say nothing here are passed over. */
function readLine(state: ClaudeState, text: string): ClaudeStep {
  if (text.trim() === "") return stepTo(state);
  const line = parseFields(text);
  if (!line)
    return notice(state, `A line of the agent's stream is not JSON: ${text.slice(0, 200)}`);
  if (state.foreignSessionId !== null) return stepTo(state);
  const sessionId = asText(line.session_id);
  if (sessionId !== null && sessionId !== state.nativeSessionId) return leave(state, sessionId);
  switch (line.type) {
    case "system":
      return readSystem(state, line);
    case "assistant":
      return readAssistant(state, line);
    case "user":
      return readUser(state, line);
    case "result":
      return readClaudeResult(state, line);
    case "control_request":
      return readClaudeRequest(state, line);
    case "control_cancel_request":
      return stepTo(forgetQuestion(state, asText(line.request_id)));
    case "command_lifecycle":
      return readLifecycle(state, line);
    case "conversation_reset":
      return leave(state, asText(line.new_conversation_id) ?? "a new one");
    case "rate_limit_event":
      return readRateLimit(state, line);
    default:
      return stepTo(state);
  }
}

/** Another id on a line means another conversation: the run must not go on under a wrong name. */
function leave(state: ClaudeState, foreignSessionId: string): ClaudeStep {
  const text = `The agent went on under session ${foreignSessionId} instead of ${state.nativeSessionId}.`;
  return stepTo({ ...state, foreignSessionId }, { entries: [{ kind: "error", text }] });
}

/** `init` comes again at every turn; it announces no new session. */
function readSystem(state: ClaudeState, line: Fields): ClaudeStep {
  if (line.subtype === "api_retry") {
    const what = [asNumber(line.error_status), asText(line.error)].filter((part) => part !== null);
    const tries = `try ${asNumber(line.attempt) ?? "?"} of ${asNumber(line.max_retries) ?? "?"}`;
    const seconds = ((asNumber(line.retry_delay_ms) ?? 0) / 1000).toFixed(1);
    return notice(
      state,
      `The provider answered ${what.join(" ")}; ${tries} follows in ${seconds} s.`,
    );
  }
  if (line.subtype === "compact_boundary") return notice(state, "The conversation was compacted.");
  if (line.subtype !== "permission_denied") return stepTo(state);
  const toolId = asText(line.tool_use_id);
  if (toolId !== null && state.refusedToolIds.includes(toolId)) return stepTo(state);
  const tool = asText(line.tool_name) ?? "a tool";
  const reason = asText(line.message) ?? "";
  const entry: TranscriptEntry = { kind: "permission_denied", tool, input: null, reason };
  return stepTo(state, { entries: [entry] });
}

function readAssistant(state: ClaudeState, line: Fields): ClaudeStep {
  const parent = parentOf(line);
  const entries = fieldsIn(asFields(line.message)?.content).flatMap((block): TranscriptEntry[] => {
    const text = asText(block.text);
    if (block.type === "text" && text) return [{ kind: "text", text, ...parent }];
    const thinking = asText(block.thinking);
    if (block.type === "thinking" && thinking)
      return [{ kind: "thinking", text: thinking, ...parent }];
    if (block.type !== "tool_use") return [];
    const [toolId, name] = [asText(block.id) ?? "", asText(block.name) ?? "a tool"];
    return [{ kind: "tool_call", toolId, name, input: block.input ?? null, ...parent }];
  });
  return stepTo({ ...measureMessage(state, line), isTurnOpen: true }, { entries });
}

function parentOf(line: Fields): { parentToolId?: string } {
  const parentToolId = asText(line.parent_tool_use_id);
  return parentToolId === null ? {} : { parentToolId };
}

/** Tool results, and what the CLI says in the user's name. Our own messages come back as replays. */
function readUser(state: ClaudeState, line: Fields): ClaudeStep {
  if (line.isReplay === true) return stepTo(state);
  const entries = fieldsIn(asFields(line.message)?.content).flatMap((block): TranscriptEntry[] => {
    const text = asText(block.text);
    if (block.type === "text" && text?.startsWith("[")) return [{ kind: "notice", text }];
    if (block.type !== "tool_result") return [];
    const toolId = asText(block.tool_use_id) ?? "";
    return [toolResult(toolId, block.is_error === true, readContent(block.content))];
  });
  return stepTo(measureToolResults(state, line), { entries });
}

function readContent(content: unknown): string {
  if (typeof content === "string") return content;
  const parts = asList(content).map((part) => {
    const fields = asFields(part);
    return asText(fields?.text) ?? `[${asText(fields?.type) ?? "unknown content"}]`;
  });
  return parts.join("\n");
}

function readLifecycle(state: ClaudeState, line: Fields): ClaudeStep {
  const uuid = asText(line.command_uuid);
  const message = state.open.find((sent) => sent.uuid === uuid);
  const known: Record<string, Receipt["state"]> = {
    queued: "queued",
    started: "read",
    completed: "done",
  };
  const receiptState = known[asText(line.state) ?? ""] ?? "dropped";
  const isOver = receiptState === "done" || receiptState === "dropped";
  const open = isOver ? state.open.filter((sent) => sent !== message) : state.open;
  const next = { ...state, hasLifecycle: true, open };
  if (!message?.messageId) return stepTo(next);
  return stepTo(next, { receipts: [{ messageId: message.messageId, state: receiptState }] });
}

function readRateLimit(state: ClaudeState, line: Fields): ClaudeStep {
  const { state: next, status, isNews } = measureRateLimit(state, line);
  if (status === null || status === "allowed" || !isNews) return stepTo(next);
  return notice(next, `The provider reports its usage limit: ${status.replaceAll("_", " ")}.`);
}

function notice(state: ClaudeState, text: string): ClaudeStep {
  return stepTo(state, { entries: [{ kind: "notice", text }] });
}
