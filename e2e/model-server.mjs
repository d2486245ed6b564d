// A model that plays a script, on loopback: the real agent CLIs talk to it in the tests.
//
//   node e2e/model-server.mjs [port] [request-log.jsonl]     prints {"port":N} when it listens
//   import { startModelServer, script } from "…/e2e/model-server.mjs"
//
// It speaks Anthropic Messages, OpenAI Responses and Gemini, and keeps no state: the script travels inside the
// prompt, as
//   SCRIPT [{"text":"Writing.","tool":"Write","input":{…}},{"text":"done"}] END
// The step played is the number of tool results after the newest SCRIPT in the conversation, the last
// step repeating, so runs may go in parallel, be resumed and be interrupted.
//
//   {text}                         an answer; it ends the turn
//   {tool, input, text?}           a tool call
//   {tools: [{tool, input}, …]}    several in one answer
//   {status, message?, errorType?} an HTTP error
//   {hang: true}                   no answer ever
//   with any: delayMs before the first byte, chunkMs between words, usage {input, output, cached}
//
// A prompt without a script is answered "ok"; a request that offers no tools (a title, a summary) gets
// "side request" where the step would call one.
import { randomBytes } from "node:crypto";
import { appendFileSync, realpathSync } from "node:fs";
import { createServer } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { geminiFailure, isGeminiUrl, readGeminiTurns, sayGemini } from "./gemini-api.mjs";
import {
  isResponsesUrl,
  readResponsesTurns,
  responsesFailure,
  streamResponse,
} from "./openai-responses.mjs";

/** A prompt that makes the model play these steps. */
export function script(...steps) {
  return `SCRIPT ${JSON.stringify(steps)} END`;
}

/**
 * @typedef {{status: number, content: unknown, headers?: Record<string, string>}} Instead
 * @typedef {{method?: string, url?: string, headers: object, body: any}} Asked
 *
 * Starts the model on a free port of 127.0.0.1, or on `port`. `requests` fills with
 * {at, method, url, headers, body} of each request. `intercept` may answer one in the script's place,
 * by {status, content, headers?}.
 */
export async function startModelServer({
  port = 0,
  onRequest = () => {},
  intercept = /** @type {(asked: Asked) => Instead | null} */ (() => null),
} = {}) {
  const requests = [];
  const note = (request) => {
    requests.push(request);
    onRequest(request);
  };
  const server = createServer((request, response) => {
    answer(request, response, note, intercept).catch((error) => refuse(response, error));
  });
  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  const url = `http://127.0.0.1:${address.port}`;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { port: address.port, url, requests, close };
}

async function answer(request, response, note, intercept) {
  const body = await readBody(request);
  const { method, url, headers } = request;
  note({ at: Date.now(), method, url, headers, body });
  const instead = intercept({ method, url, headers, body });
  if (instead) return sendJson(response, instead.status, instead.content, instead.headers);
  if (/[/:]count_?tokens(\?|$)/i.test(url)) {
    return sendJson(response, 200, { input_tokens: 100, totalTokens: 100 });
  }
  const api = method === "POST" ? apis.find(({ isMeant }) => isMeant(url)) : undefined;
  if (!api) {
    return sendJson(response, 404, failure("not_found_error", `Not scripted: ${method} ${url}`));
  }
  const step = chooseStep(api.readTurns(body), body);
  if (step.delayMs) await pause(step.delayMs);
  if (step.hang) return;
  if (step.status) {
    const words = step.message ?? "scripted error";
    const content = api.describeFailure(step.errorType ?? "api_error", words, step.status);
    return sendJson(response, step.status, content);
  }
  await api.say(response, step, body, url);
}

/** For each API: whose addresses these are, how a conversation is read, a failure told, a step said. */
const apis = [
  {
    isMeant: isResponsesUrl,
    readTurns: readResponsesTurns,
    describeFailure: responsesFailure,
    say: (response, step, { model }) => streamResponse(response, step, callsOf(step), model),
  },
  {
    isMeant: isGeminiUrl,
    readTurns: readGeminiTurns,
    describeFailure: geminiFailure,
    say: (response, step, _body, url) =>
      sayGemini(response, step, callsOf(step), { isStream: url.includes("stream"), pause }),
  },
  {
    isMeant: (url) => /\/messages(\?|$)/.test(url),
    readTurns: ({ messages }) => readTurns(messages ?? []),
    describeFailure: (type, message) => failure(type, message),
    say: async (response, step, { stream, model }) => {
      if (stream) await streamMessage(response, step, model);
      else sendJson(response, 200, wholeMessage(step, model));
    },
  },
];

async function readBody(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString("utf8");
  return text ? JSON.parse(text) : null;
}

function chooseStep(turns, body) {
  const step = playScript(turns);
  const isSideRequest = callsOf(step).length > 0 && !body.tools?.length;
  return isSideRequest ? { text: "side request" } : step;
}

/** A message said in the middle of a run comes with role "system", so every role but the assistant's. */
function readTurns(messages) {
  return messages
    .filter((message) => message.role !== "assistant")
    .flatMap(({ content }) => (typeof content === "string" ? [{ text: content }] : content))
    .map((block) =>
      block.type === "tool_result" ? { isResult: true } : { text: block.text ?? "" },
    );
}

function playScript(turns) {
  let steps = null;
  let at = 0;
  for (const turn of turns) {
    const found = turn.text && [...turn.text.matchAll(/SCRIPT (\[[\s\S]*?\]) END/g)].at(-1);
    if (found) {
      steps = JSON.parse(found[1]);
      at = 0;
    } else if (turn.isResult) at++;
  }
  return steps?.[Math.min(at, steps.length - 1)] ?? { text: "ok" };
}

function callsOf(step) {
  return step.tools ?? (step.tool ? [{ tool: step.tool, input: step.input }] : []);
}

function openMessage(step, model) {
  return {
    id: makeId("msg_"),
    type: "message",
    role: "assistant",
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: {
      input_tokens: step.usage?.input ?? 100,
      output_tokens: 1,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: step.usage?.cached ?? 0,
    },
  };
}

const stopReason = (step) => (callsOf(step).length > 0 ? "tool_use" : "end_turn");

function wholeMessage(step, model) {
  const message = openMessage(step, model);
  const text = step.text === undefined ? [] : [{ type: "text", text: step.text }];
  const calls = callsOf(step).map(({ tool, input }) => {
    return { type: "tool_use", id: makeId("toolu_"), name: tool, input };
  });
  const usage = { ...message.usage, output_tokens: step.usage?.output ?? 20 };
  return { ...message, content: [...text, ...calls], stop_reason: stopReason(step), usage };
}

async function streamMessage(response, step, model) {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  const send = (event) => {
    if (response.destroyed) return;
    response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  };
  send({ type: "message_start", message: openMessage(step, model) });
  const blocks = wholeMessage(step, model).content;
  for (const [index, block] of blocks.entries()) {
    if (block.type === "text") await streamText(send, index, block.text, step.chunkMs);
    else streamCall(send, index, block);
    send({ type: "content_block_stop", index });
  }
  send({
    type: "message_delta",
    delta: { stop_reason: stopReason(step), stop_sequence: null },
    usage: { output_tokens: step.usage?.output ?? 20 },
  });
  send({ type: "message_stop" });
  response.end();
}

async function streamText(send, index, text, chunkMs) {
  send({ type: "content_block_start", index, content_block: { type: "text", text: "" } });
  for (const word of text.match(/\s*\S+\s*/g) ?? [""]) {
    send({ type: "content_block_delta", index, delta: { type: "text_delta", text: word } });
    if (chunkMs) await pause(chunkMs);
  }
}

function streamCall(send, index, { input, ...call }) {
  send({ type: "content_block_start", index, content_block: { ...call, input: {} } });
  const partial_json = JSON.stringify(input);
  send({ type: "content_block_delta", index, delta: { type: "input_json_delta", partial_json } });
}

const makeId = (prefix) => prefix + randomBytes(9).toString("hex");

const failure = (type, message) => ({ type: "error", error: { type, message } });

function sendJson(response, status, content, headers = {}) {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(content));
}

/** A script that is not JSON, or a CLI that hung up in the middle. */
function refuse(response, error) {
  if (response.headersSent) response.destroy();
  else sendJson(response, 400, failure("invalid_request_error", String(error)));
}

if (process.argv[1] && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
  const [port, log] = process.argv.slice(2);
  const onRequest = log ? (seen) => appendFileSync(log, `${JSON.stringify(seen)}\n`) : undefined;
  const server = await startModelServer({
    port: Number(port ?? 0),
    ...(onRequest && { onRequest }),
  });
  console.log(JSON.stringify({ port: server.port }));
}
