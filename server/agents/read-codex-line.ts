import { noteItemCompleted, noteItemStarted } from "./codex-items";
import { forgetQuestion, readCodexRequest } from "./codex-questions";
import { readCodexError, readCodexTurnEnd } from "./codex-result";
import { type CodexState, type CodexStep, isIdle, notice, stepTo } from "./codex-state";
import { noteTurnStarted } from "./codex-turns";
import { noteCodexRateLimits, noteCodexUsage } from "./codex-usage";
import { asFields, asText, type Fields, parseFields } from "./json-fields";
import { noteSettled, pauseIfIdle } from "./pause";
import { readCodexReply } from "./read-codex-reply";

/** What one line of Codex's stdout means, and what is settled or begins to wait with it. */
export function readCodexLine(state: CodexState, text: string): CodexStep {
  const read = readLine(state, text);
  const step = pauseIfIdle(read, isIdle(read.state), stepTo);
  return noteSettled(state, step, ({ questions }) => questions.map(({ questionId }) => questionId));
}

/** Kinds of line that say nothing here are passed over. */
function readLine(state: CodexState, text: string): CodexStep {
  if (text.trim() === "" || state.foreignThreadId !== null) return stepTo(state);
  const line = parseFields(text);
  const method = asText(line?.method);
  if (line && method === null) return readCodexReply(state, line);
  // What is said during the greeting is read once more after it.
  if (state.isGreeting) return stepTo(state);
  if (!line)
    return notice(state, `A line of the agent's stream is not JSON: ${text.slice(0, 200)}`);
  if (line.id !== undefined) return readCodexRequest(state, line);
  return readNotification(state, method ?? "", asFields(line.params) ?? {});
}

function readNotification(state: CodexState, method: string, params: Fields): CodexStep {
  const threadId = asText(params.threadId);
  if (threadId === null || threadId === state.threadId) return readOwn(state, method, params);
  const sub = state.subThreads.find(({ id }) => id === threadId);
  if (sub) return readOfSubAgent(state, method, params, sub);
  if (!/^(turn|item)\//.test(method)) return stepTo(state);
  // A sub-agent's turn says which of our turns led to it.
  const rootTurnId = asText(asFields(params.turn)?.rootTurnId);
  if (rootTurnId !== null && state.turnIds.includes(rootTurnId)) {
    return stepTo({ ...state, subThreads: [...state.subThreads, { id: threadId, toolId: null }] });
  }
  const error = `The agent went on under thread ${threadId} instead of ${state.threadId}.`;
  const entries = [{ kind: "error" as const, text: error }];
  return stepTo({ ...state, foreignThreadId: threadId }, { entries });
}

function readOwn(state: CodexState, method: string, params: Fields): CodexStep {
  switch (method) {
    case "turn/started":
      return noteTurnStarted(state, asText(asFields(params.turn)?.id));
    case "turn/completed":
      return readCodexTurnEnd(state, asFields(params.turn) ?? {});
    case "turn/plan/updated":
      return notePlan(state, params);
    case "item/started":
      return noteItemStarted(state, asFields(params.item) ?? {}, null);
    case "item/completed":
      return noteItemCompleted(state, asFields(params.item) ?? {}, null);
    case "thread/tokenUsage/updated":
      return noteCodexUsage(state, params);
    case "error":
      return readCodexError(state, params);
    case "serverRequest/resolved":
      return stepTo(forgetQuestion(state, String(params.requestId)));
    default:
      return readRemark(state, method, params);
  }
}

function readOfSubAgent(
  state: CodexState,
  method: string,
  params: Fields,
  { toolId }: CodexState["subThreads"][number],
): CodexStep {
  if (method === "item/started")
    return noteItemStarted(state, asFields(params.item) ?? {}, { toolId });
  if (method === "item/completed")
    return noteItemCompleted(state, asFields(params.item) ?? {}, { toolId });
  if (method === "thread/tokenUsage/updated") return noteCodexUsage(state, params);
  return stepTo(state);
}

/** The plan stands in the transcript as the call of a tool that has no more to say. */
function notePlan(state: CodexState, { explanation, plan }: Fields): CodexStep {
  const plans = state.plans + 1;
  const toolId = `plan-${plans}`;
  const input = { ...(asText(explanation) && { explanation }), plan };
  return stepTo(
    { ...state, plans },
    {
      entries: [
        { kind: "tool_call", toolId, name: "update_plan", input },
        { kind: "tool_result", toolId, isError: false, text: "" },
      ],
    },
  );
}

function readRemark(state: CodexState, method: string, params: Fields): CodexStep {
  if (method === "warning") return notice(state, asText(params.message) ?? "A warning.");
  if (method === "model/rerouted") {
    return notice(
      state,
      `The provider answers by ${params.toModel} instead of ${params.fromModel}.`,
    );
  }
  if (method === "configWarning") {
    const summary = asText(params.summary) ?? "";
    // How Codex makes its own sandbox is of no use to know: Coppice says how the run is confined.
    return summary.includes("bubblewrap") ? stepTo(state) : notice(state, summary);
  }
  if (method !== "account/rateLimits/updated") return stepTo(state);
  const next = noteCodexRateLimits(state, params);
  const reached = asText(asFields(params.rateLimits)?.rateLimitReachedType);
  if (reached === null) return stepTo(next);
  return notice(next, `The provider reports its usage limit: ${reached.replaceAll("_", " ")}.`);
}
