import type { TranscriptEntry } from "@/server/domain/transcript";
import { type AskedByClaude, type ClaudeState, stepTo } from "./claude-state";
import type { OperatorInput, Question, Step } from "./driver";
import { asFields, asText, type Fields, fieldsIn } from "./json-fields";
import { toLine } from "./to-line";

type ClaudeStep = Step<ClaudeState>;

/** The tool by which the model asks a person something: an answer to it is words. */
const questionTool = "AskUserQuestion";

/** A request of the CLI: the workflow's list allows it, an operator is asked, or it is refused. */
export function readClaudeRequest(state: ClaudeState, line: Fields): ClaudeStep {
  const requestId = asText(line.request_id) ?? "";
  const request = asFields(line.request);
  if (request?.subtype !== "can_use_tool") {
    const error = "Coppice does not offer this.";
    const response = { subtype: "error", request_id: requestId, error };
    return stepTo(state, { replies: [toLine({ type: "control_response", response })] });
  }
  const asked: AskedByClaude = {
    requestId,
    tool: asText(request.tool_name) ?? "a tool",
    toolId: asText(request.tool_use_id),
    input: request.input ?? null,
    reason: asText(request.decision_reason),
  };
  const needsWords = asked.tool === questionTool;
  if (state.allowedTools.includes(asked.tool) && !(needsWords && state.mayAsk)) {
    return allow(state, asked);
  }
  if (!state.mayAsk) {
    const message = `This workflow does not allow “${asked.tool}” here, and nobody can be asked. Go on without it, or say what is missing.`;
    return deny(state, asked, message, asked.reason ?? "The workflow does not allow it.");
  }
  const { tool, input, reason } = asked;
  const question: Question = { questionId: requestId, tool, input, reason, needsWords };
  return stepTo({ ...state, questions: [...state.questions, asked] }, { questions: [question] });
}

/** An operator's answer; one whose question is settled already says nothing. */
export function answerClaude(
  state: ClaudeState,
  { questionId, isAllowed, text }: Extract<OperatorInput, { kind: "answer" }>,
): ClaudeStep {
  const asked = state.questions.find(({ requestId }) => requestId === questionId);
  if (!asked) return stepTo(state);
  const rest = forgetQuestion(state, questionId);
  if (isAllowed) return allow(rest, asked, text);
  const why = text ?? "No reason was given.";
  const message = `This was denied: ${why} Go on without it, or say what is missing.`;
  return deny(rest, asked, message, why);
}

/** The CLI needs no answer any more. */
export function forgetQuestion(state: ClaudeState, questionId: string | null): ClaudeState {
  const questions = state.questions.filter(({ requestId }) => requestId !== questionId);
  return { ...state, questions };
}

function allow(state: ClaudeState, asked: AskedByClaude, text?: string): ClaudeStep {
  const input = asFields(asked.input) ?? {};
  const updatedInput = text === undefined ? input : { ...input, answers: answerEach(input, text) };
  return reply(state, asked, { behavior: "allow", updatedInput });
}

/** Keyed by the words of each question, as its own dialog does. */
function answerEach({ questions }: Fields, text: string): Record<string, string> {
  const asked = fieldsIn(questions).flatMap(({ question }) => asText(question) ?? []);
  return Object.fromEntries(asked.map((question) => [question, text]));
}

function deny(state: ClaudeState, asked: AskedByClaude, message: string, why: string): ClaudeStep {
  const { tool, toolId, input } = asked;
  const refusedToolIds = [...state.refusedToolIds, ...(toolId ? [toolId] : [])].slice(-50);
  const entry: TranscriptEntry = { kind: "permission_denied", tool, input, reason: why };
  const step = reply({ ...state, refusedToolIds }, asked, { behavior: "deny", message });
  return { ...step, entries: [entry] };
}

function reply(state: ClaudeState, { requestId }: AskedByClaude, response: unknown): ClaudeStep {
  const body = { subtype: "success", request_id: requestId, response };
  return stepTo(state, { replies: [toLine({ type: "control_response", response: body })] });
}
