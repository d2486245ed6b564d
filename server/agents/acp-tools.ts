import type { TranscriptEntry } from "@/server/domain/transcript";
import { type AcpState, type AcpStep, type AcpTool, stepTo } from "./acp-state";
import { asFields, asText, type Fields, fieldsIn } from "./json-fields";
import { toolResult } from "./tool-result";

/** A tool's call is announced, goes on, or has ended. */
export function noteTool(state: AcpState, update: Fields): AcpStep {
  const id = asText(update.toolCallId);
  if (id === null || state.refusedToolIds.includes(id)) return stepTo(state);
  const status = asText(update.status);
  const tool = mergeTool(state, id, update);
  const isOver = status === "completed" || status === "failed";
  // What is only announced often has no input yet.
  const isAnnounced = update.sessionUpdate === "tool_call" && (status ?? "pending") === "pending";
  const shown = isAnnounced ? stepTo(keepTool(state, tool)) : showTool(state, tool);
  if (!isOver) return shown;
  const tools = shown.state.tools.filter((other) => other.id !== id);
  const result = toolResult(id, status === "failed", describeResult(update));
  return stepTo({ ...shown.state, tools }, { entries: [...shown.entries, result] });
}

/** Writes a tool's call down, once. */
export function showTool(state: AcpState, tool: AcpTool): AcpStep {
  const kept = keepTool(state, { ...tool, isShown: true });
  if (tool.isShown) return stepTo(kept);
  const { id: toolId, name, input } = tool;
  return stepTo(kept, { entries: [{ kind: "tool_call", toolId, name, input }] });
}

/** The call is refused: nothing that comes of it later is news. */
export function dropTool(state: AcpState, { id, isShown }: AcpTool): AcpStep {
  const tools = state.tools.filter((tool) => tool.id !== id);
  const refusedToolIds = [...state.refusedToolIds, id].slice(-50);
  const entries: TranscriptEntry[] = isShown ? [toolResult(id, true, "Refused.")] : [];
  return stepTo({ ...state, tools, refusedToolIds }, { entries });
}

export function mergeTool(state: AcpState, id: string, update: Fields): AcpTool {
  const known = state.tools.find((tool) => tool.id === id);
  const title = asText(update.title) ?? known?.title ?? "";
  const kind = asText(update.kind) ?? known?.kind ?? "other";
  const name = known?.name ?? nameTool(id, update, title, kind);
  return {
    ...{ id, name, kind, title },
    input: known?.isShown ? known.input : (readInput(update, kind, title) ?? known?.input ?? null),
    isShown: known?.isShown ?? false,
  };
}

function keepTool(state: AcpState, tool: AcpTool): AcpState {
  return { ...state, tools: [...state.tools.filter(({ id }) => id !== tool.id), tool] };
}

/**
 * The agent's own name of the tool, as far as it tells it: beside the call, before two underscores of
 * the call's id (Gemini CLI), or as the first title (opencode).
 */
function nameTool(id: string, update: Fields, title: string, kind: string): string {
  const ofClaude = asText(asFields(asFields(update._meta)?.claudeCode)?.toolName);
  const told = ofClaude ?? asText(update.name) ?? /^([A-Za-z][\w-]*?)__/.exec(id)?.[1];
  if (told) return told;
  return /^[A-Za-z][\w.-]{0,40}$/.test(title) ? title : kind;
}

/** What the tool is given; where the agent does not tell, what is shown of it to a person. */
function readInput(update: Fields, kind: string, title: string): unknown {
  const raw = asFields(update.rawInput);
  const { cwd: _cwd, ...told } = raw ?? {};
  if (raw && Object.keys(told).length > 0) return raw;
  const [diff, ...others] = fieldsIn(update.content).filter(({ type }) => type === "diff");
  if (diff && others.length === 0) {
    const { path, oldText, newText } = diff;
    return { path, oldText, newText };
  }
  if (diff) return { changes: [diff, ...others].map(({ path }) => ({ path })) };
  if (kind === "execute" && title) return { command: title };
  const paths = fieldsIn(update.locations).flatMap(({ path }) => asText(path) ?? []);
  if (!title && paths.length === 0) return null;
  return { ...(paths[0] && { path: paths[0] }), ...(title && { description: title }) };
}

function describeResult(update: Fields): string {
  const parts = fieldsIn(update.content).flatMap((part) => {
    if (part.type === "content") return asText(asFields(part.content)?.text) ?? [];
    return [];
  });
  if (parts.length > 0) return parts.join("\n");
  const raw = update.rawOutput;
  const fields = asFields(raw);
  return asText(raw) ?? asText(fields?.output) ?? asText(fields?.error) ?? "";
}
