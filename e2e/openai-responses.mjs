// The Responses API of OpenAI, as far as Codex uses it: how the scripted model reads a conversation and
// says a step. Beside the steps of model-server.mjs it plays {thinking} (a summary of reasoning), and a call
// whose input is a text, not an object, is a custom tool (apply_patch). A call may name a {namespace}.
import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";

export const isResponsesUrl = (url) => /\/responses(\?|$)/.test(url);

/** The conversation in order: what was said to the model, and which of its calls were answered. */
export function readResponsesTurns({ input }) {
  if (typeof input === "string") return [{ text: input }];
  return (input ?? []).flatMap((item) => {
    if (/_call_output$/.test(item.type ?? "")) return [{ isResult: true }];
    if (item.role !== "user") return [];
    const { content } = item;
    return [{ text: typeof content === "string" ? content : joinTexts(content) }];
  });
}

const joinTexts = (parts) => parts.map((part) => part.text ?? "").join("\n");

export const responsesFailure = (type, message) => ({ error: { message, type, code: type } });

/** Streams one step as server-sent events; `calls` are the tool calls in it. */
export async function streamResponse(response, step, calls, model) {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  let sequence_number = 0;
  const send = (type, fields) => {
    if (response.destroyed) return;
    const data = JSON.stringify({ type, sequence_number: sequence_number++, ...fields });
    response.write(`event: ${type}\ndata: ${data}\n\n`);
  };
  const whole = { id: makeId("resp_"), object: "response", model };
  send("response.created", { response: { ...whole, status: "in_progress", output: [] } });
  const output = listItems(step, calls);
  for (const [output_index, item] of output.entries()) {
    await streamItem(send, output_index, item, step.chunkMs);
  }
  send("response.completed", {
    response: { ...whole, status: "completed", output, usage: describeUsage(step.usage) },
  });
  response.end();
}

function listItems(step, calls) {
  const items = calls.map(describeCall);
  if (step.text !== undefined) {
    const content = [{ type: "output_text", text: step.text, annotations: [] }];
    items.unshift({ type: "message", id: makeId("msg_"), role: "assistant", content });
  }
  if (step.thinking !== undefined) {
    const summary = [{ type: "summary_text", text: step.thinking }];
    items.unshift({ type: "reasoning", id: makeId("rs_"), summary });
  }
  return items;
}

function describeCall({ tool: name, input, namespace }) {
  const call_id = makeId("call_");
  if (typeof input === "string") {
    return { type: "custom_tool_call", id: makeId("ctc_"), call_id, name, input };
  }
  return {
    ...{ type: "function_call", id: makeId("fc_"), call_id, name, ...(namespace && { namespace }) },
    arguments: JSON.stringify(input),
  };
}

async function streamItem(send, output_index, item, chunkMs) {
  const begun = { ...item, status: "in_progress", ...(item.content && { content: [] }) };
  send("response.output_item.added", { output_index, item: begun });
  for (const delta of wordsOf(item)) {
    send("response.output_text.delta", { item_id: item.id, output_index, content_index: 0, delta });
    if (chunkMs) await pause(chunkMs);
  }
  send("response.output_item.done", { output_index, item: { ...item, status: "completed" } });
}

const wordsOf = (item) => item.content?.[0]?.text.match(/\s*\S+\s*/g) ?? [];

function describeUsage(usage) {
  const { input, output, cached } = { input: 100, output: 20, cached: 0, ...usage };
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: cached },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: input + output,
  };
}

const makeId = (prefix) => prefix + randomBytes(9).toString("hex");
