import type { TranscriptEntry } from "@/server/domain/transcript";
import { type CodexState, type CodexStep, notice, stepTo } from "./codex-state";
import { describeCodexTool } from "./describe-codex-tool";
import type { Receipt } from "./driver";
import { asList, asText, type Fields } from "./json-fields";
import { toolResult } from "./tool-result";

/** The sub-agent an item belongs to, and the call that began it; null for the agent itself. */
type Owner = { toolId: string | null } | null;

const parentOf = (owner: Owner) => (owner?.toolId ? { parentToolId: owner.toolId } : {});

/** Something that Codex does: a tool begins, or one of our messages is read. */
export function noteItemStarted(state: CodexState, item: Fields, owner: Owner): CodexStep {
  if (item.type === "userMessage") return owner ? stepTo(state) : noteMessageRead(state, item);
  const tool = describeCodexTool(item, state.workspacePath);
  const toolId = asText(item.id);
  if (!tool || toolId === null) return stepTo(state);
  const { name, input } = tool;
  return stepTo(
    {
      ...state,
      openToolIds: [...state.openToolIds, toolId],
      hasCalledTool: state.hasCalledTool || owner === null,
    },
    { entries: [{ kind: "tool_call", toolId, name, input, ...parentOf(owner) }] },
  );
}

export function noteItemCompleted(state: CodexState, item: Fields, owner: Owner): CodexStep {
  switch (item.type) {
    case "userMessage":
      return owner ? stepTo(state) : noteMessageRead(state, item);
    case "agentMessage":
    case "plan":
      return noteText(state, asText(item.text) ?? "", owner);
    case "reasoning":
      return noteThinking(state, item, owner);
    case "contextCompaction":
      return notice(state, "The conversation was compacted.");
    case "subAgentActivity":
      return noteSubAgent(state, item, owner);
    default:
      return noteToolCompleted(state, item, owner);
  }
}

function noteText(state: CodexState, text: string, owner: Owner): CodexStep {
  if (text === "") return stepTo(state);
  const next = owner ? state : { ...state, lastText: text };
  return stepTo(next, { entries: [{ kind: "text", text, ...parentOf(owner) }] });
}

/** The summary is what is meant to be read; where there is none, the reasoning itself. */
function noteThinking(state: CodexState, item: Fields, owner: Owner): CodexStep {
  const summary = asList(item.summary).flatMap((part) => asText(part) ?? []);
  const content = asList(item.content).flatMap((part) => asText(part) ?? []);
  const text = (summary.length > 0 ? summary : content).join("\n\n");
  if (text === "") return stepTo(state);
  return stepTo(state, { entries: [{ kind: "thinking", text, ...parentOf(owner) }] });
}

function noteToolCompleted(state: CodexState, item: Fields, owner: Owner): CodexStep {
  const tool = describeCodexTool(item, state.workspacePath);
  const toolId = asText(item.id);
  if (!tool || toolId === null) return stepTo(state);
  const isKnown = state.openToolIds.includes(toolId);
  const begun = isKnown ? stepTo(state) : noteItemStarted(state, item, owner);
  const openToolIds = begun.state.openToolIds.filter((id) => id !== toolId);
  return stepTo(
    { ...begun.state, openToolIds },
    { entries: [...begun.entries, toolResult(toolId, tool.isError, tool.result)] },
  );
}

/** A sub-agent's own lines come under a conversation of its own. */
function noteSubAgent(state: CodexState, item: Fields, owner: Owner): CodexStep {
  const [id, toolId] = [asText(item.agentThreadId), asText(item.id)];
  if (item.kind !== "started" || id === null || toolId === null) return stepTo(state);
  const subThreads = [...state.subThreads.filter((sub) => sub.id !== id), { id, toolId }];
  const input = { agent: item.agentPath, ...(asText(item.model) && { model: item.model }) };
  const entries: TranscriptEntry[] = [
    { kind: "tool_call", toolId, name: "spawn_agent", input, ...parentOf(owner) },
    { kind: "tool_result", toolId, isError: false, text: "" },
  ];
  return stepTo({ ...state, subThreads, hasCalledTool: true }, { entries });
}

/** Codex tells by our own id that the model has a message. */
function noteMessageRead(state: CodexState, item: Fields): CodexStep {
  const clientId = asText(item.clientId);
  const sent = state.open.find((message) => message.clientId === clientId);
  if (!sent || sent.isRead) return stepTo(state);
  const open = state.open.map((other) => (other === sent ? { ...sent, isRead: true } : other));
  const receipts: Receipt[] = sent.messageId ? [{ messageId: sent.messageId, state: "read" }] : [];
  return stepTo({ ...state, open }, { receipts });
}
