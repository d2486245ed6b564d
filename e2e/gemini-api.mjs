// The API of Gemini, as far as Gemini CLI uses it: how the scripted model reads a conversation and says a
// step. A request says by its address whether it wants the answer in pieces.
export const isGeminiUrl = (url) => /:(streamGenerateContent|generateContent)(\?|$)/.test(url);

/** The conversation in order: what was said to the model, and which of its calls were answered. */
export function readGeminiTurns({ contents }) {
  return (contents ?? [])
    .filter(({ role }) => role === "user")
    .flatMap(({ parts }) => parts ?? [])
    .map((part) => (part.functionResponse ? { isResult: true } : { text: part.text ?? "" }));
}

export const geminiFailure = (type, message, status) => ({
  error: { code: status, message, status: type.toUpperCase() },
});

/** Says one step; `calls` are the tool calls in it. */
export async function sayGemini(response, step, calls, { isStream, pause }) {
  const last = calls.map(({ tool, input }) => ({ functionCall: { name: tool, args: input } }));
  const words = step.text?.match(/\s*\S+\s*/g) ?? [];
  if (!isStream) {
    const parts = [...(step.text === undefined ? [] : [{ text: step.text }]), ...last];
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify(answerOf(parts, step.usage, true)));
    return;
  }
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  const send = (parts, isLast) => {
    if (response.destroyed) return;
    response.write(`data: ${JSON.stringify(answerOf(parts, step.usage, isLast))}\n\n`);
  };
  for (const text of words) {
    send([{ text }], false);
    if (step.chunkMs) await pause(step.chunkMs);
  }
  send(last.length > 0 ? last : [{ text: "" }], true);
  response.end();
}

function answerOf(parts, usage, isLast) {
  const { input, output, cached } = { input: 100, output: 20, cached: 0, ...usage };
  const candidate = { index: 0, content: { role: "model", parts } };
  return {
    candidates: [isLast ? { ...candidate, finishReason: "STOP" } : candidate],
    usageMetadata: {
      promptTokenCount: input,
      candidatesTokenCount: output,
      cachedContentTokenCount: cached,
      totalTokenCount: input + output,
    },
    modelVersion: "scripted",
  };
}
