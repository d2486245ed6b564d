import { notePromptsRead } from "./acp-prompts";
import { type AcpState, type AcpStep, followedBy, isPrompting, stepTo } from "./acp-state";
import { noteTool } from "./acp-tools";
import { noteCost } from "./acp-usage";
import { asFields, asText, type Fields } from "./json-fields";

/** What the agent tells of its work. Outside of a prompt of ours it is old: a conversation read again. */
export function readAcpUpdate(state: AcpState, update: Fields): AcpStep {
  const kind = asText(update.sessionUpdate);
  if (kind === "usage_update") return noteCost(state, update);
  if (!isPrompting(state)) return stepTo(state);
  if (kind === "agent_message_chunk") return noteChunk(state, "text", update);
  if (kind === "agent_thought_chunk") return noteChunk(state, "thinking", update);
  if (kind === "tool_call" || kind === "tool_call_update") {
    return followedBy(followedBy(flushChunk(state), notePromptsRead), (next) =>
      noteTool(next, update),
    );
  }
  if (kind === "plan") return followedBy(flushChunk(state), (next) => notePlan(next, update));
  // Commands, modes, titles; and what a person said, which we know.
  return stepTo(state);
}

/**
 * Texts come in pieces and are written down whole: a secret cut over two pieces could not be covered.
 * One ends where something else begins.
 */
function noteChunk(state: AcpState, kind: "text" | "thinking", update: Fields): AcpStep {
  const piece = asText(asFields(update.content)?.text) ?? "";
  const messageId = asText(update.messageId);
  const { chunk } = state;
  const isSame = chunk?.kind === kind && chunk.messageId === messageId;
  const read = followedBy(isSame ? stepTo(state) : flushChunk(state), notePromptsRead);
  const text = (isSame ? chunk.text : "") + piece;
  return followedBy(read, (next) => stepTo({ ...next, chunk: { kind, messageId, text } }));
}

export function flushChunk(state: AcpState): AcpStep {
  const { chunk } = state;
  const rest = { ...state, chunk: null };
  if (!chunk || chunk.text.trim() === "") return stepTo(rest);
  const { kind, text } = chunk;
  const next = kind === "text" ? { ...rest, lastText: text } : rest;
  return stepTo(next, { entries: [{ kind, text }] });
}

/** The plan stands in the transcript as the call of a tool that has no more to say. */
function notePlan(state: AcpState, { entries }: Fields): AcpStep {
  const plans = state.plans + 1;
  const toolId = `plan-${plans}`;
  return stepTo(
    { ...state, plans },
    {
      entries: [
        { kind: "tool_call", toolId, name: "update_plan", input: { plan: entries } },
        { kind: "tool_result", toolId, isError: false, text: "" },
      ],
    },
  );
}
