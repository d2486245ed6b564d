import type { CodexState, CodexStep } from "./codex-state";
import { stepTo } from "./codex-state";
import type { OperatorInput, Question } from "./driver";
import { asFields, asText, type Fields, fieldsIn } from "./json-fields";
import { toLine } from "./to-line";

type Asked = CodexState["questions"][number];

/** A request of Codex: the workflow's list allows it, an operator is asked, or it is refused. */
export function readCodexRequest(state: CodexState, line: Fields): CodexStep {
  const requestId = typeof line.id === "number" ? line.id : (asText(line.id) ?? "");
  const method = asText(line.method) ?? "";
  const params = asFields(line.params) ?? {};
  const kind = kinds[method];
  if (!kind) {
    const error = { code: -32601, message: "Coppice does not offer this." };
    return stepTo(state, { replies: [toLine({ id: requestId, error })] });
  }
  const { names, input } = kind.describe(params);
  const question: Question = {
    questionId: String(requestId),
    tool: names[0] ?? "a tool",
    input,
    reason: asText(params.reason) ?? asText(params.message),
    ...(kind.needsWords && { needsWords: true }),
  };
  const asked: Asked = { ...question, requestId, method, params };
  const isEdit = state.acceptsEdits && method === "item/fileChange/requestApproval";
  const isListed = isEdit || names.some((name) => state.allowedTools.includes(name));
  if (isListed || (state.allowsAll && !kind.needsWords)) return reply(state, asked, true);
  if (!state.mayAsk) return refuse(state, asked);
  return stepTo({ ...state, questions: [...state.questions, asked] }, { questions: [question] });
}

/** An operator's answer; one whose question is settled already says nothing. */
export function answerQuestion(
  state: CodexState,
  { questionId, isAllowed, text }: Extract<OperatorInput, { kind: "answer" }>,
): CodexStep {
  const asked = state.questions.find((question) => question.questionId === questionId);
  if (!asked) return stepTo(state);
  const rest = forgetQuestion(state, questionId);
  return isAllowed ? reply(rest, asked, true, text) : refuse(rest, asked, text);
}

/** Codex needs no answer any more. */
export function forgetQuestion(state: CodexState, questionId: string): CodexState {
  const questions = state.questions.filter((question) => question.questionId !== questionId);
  return { ...state, questions };
}

function refuse(state: CodexState, asked: Asked, why?: string): CodexStep {
  const { tool, input } = asked;
  const reason = why ?? asked.reason ?? "The workflow does not allow it.";
  const entry = { kind: "permission_denied" as const, tool, input, reason };
  return { ...reply(state, asked, false), entries: [entry] };
}

function reply(state: CodexState, asked: Asked, isAllowed: boolean, text?: string): CodexStep {
  const params = asFields(asked.params) ?? {};
  const result = kinds[asked.method]?.answer(isAllowed, params, text);
  return stepTo(state, { replies: [toLine({ id: asked.requestId, result })] });
}

interface Kind {
  /** A yes is no answer to it. */
  needsWords?: true;
  /** The names under which a workflow may allow it, and what is to be seen of it. */
  describe(params: Fields): { names: string[]; input: unknown };
  answer(isAllowed: boolean, params: Fields, text?: string): unknown;
}

const decide = (isAllowed: boolean) => ({ decision: isAllowed ? "accept" : "decline" });

/** Codex's own names of tools, and those that workflows of Claude Code use for the same. */
const kinds: Record<string, Kind> = {
  "item/commandExecution/requestApproval": {
    describe: ({ command, cwd }) => ({
      names: ["exec_command", "shell", "Bash"],
      input: { command, cwd },
    }),
    answer: decide,
  },
  "item/fileChange/requestApproval": {
    describe: ({ itemId, grantRoot }) => ({
      names: ["apply_patch", "Edit", "Write"],
      input: { itemId, ...(asText(grantRoot) !== null && { grantRoot }) },
    }),
    answer: decide,
  },
  "item/permissions/requestApproval": {
    describe: ({ permissions }) => ({ names: ["request_permissions"], input: permissions ?? null }),
    answer: (isAllowed, { permissions }) => ({
      permissions: isAllowed ? (permissions ?? {}) : {},
      scope: "turn",
    }),
  },
  "mcpServer/elicitation/request": {
    describe: ({ serverName, message }) => ({
      names: [`mcp__${asText(serverName) ?? "server"}`],
      input: { message },
    }),
    answer: (isAllowed) => ({
      action: isAllowed ? "accept" : "decline",
      content: isAllowed ? {} : null,
      _meta: null,
    }),
  },
  "item/tool/requestUserInput": {
    needsWords: true,
    describe: ({ questions }) => ({ names: ["request_user_input"], input: { questions } }),
    answer: (_isAllowed, { questions }, text) => ({
      answers: text === undefined ? {} : answerEach(questions, text),
    }),
  },
};

function answerEach(questions: unknown, text: string): Record<string, { answers: string[] }> {
  const ids = fieldsIn(questions).flatMap(({ id }) => asText(id) ?? []);
  return Object.fromEntries(ids.map((id) => [id, { answers: [text] }]));
}
