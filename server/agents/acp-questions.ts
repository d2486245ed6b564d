import { cancelPrompt, notePromptsRead } from "./acp-prompts";
import {
  type AcpState,
  type AcpStep,
  type AcpTool,
  type AskedByAcp,
  followedBy,
  stepTo,
} from "./acp-state";
import { dropTool, mergeTool, showTool } from "./acp-tools";
import type { OperatorInput, Question } from "./driver";
import { asFields, asText, type Fields, fieldsIn } from "./json-fields";
import { toLine } from "./to-line";

/** A request of the agent: the workflow's list allows it, an operator is asked, or it is refused. */
export function readAcpRequest(state: AcpState, line: Fields): AcpStep {
  const requestId = typeof line.id === "number" ? line.id : (asText(line.id) ?? "");
  if (line.method !== "session/request_permission") {
    const error = { code: -32601, message: "Coppice does not offer this." };
    return stepTo(state, { replies: [toLine({ jsonrpc: "2.0", id: requestId, error })] });
  }
  const params = asFields(line.params) ?? {};
  const call = asFields(params.toolCall) ?? {};
  const tool = mergeTool(state, asText(call.toolCallId) ?? `asked-${requestId}`, call);
  const asked: AskedByAcp = {
    questionId: String(requestId),
    tool: tool.name,
    input: tool.input,
    reason: tool.title && tool.title !== tool.name ? tool.title : null,
    requestId,
    toolId: tool.id,
    options: fieldsIn(params.options).map(({ optionId, kind }) => ({
      optionId: asText(optionId) ?? "",
      kind: asText(kind) ?? "",
    })),
  };
  return followedBy(notePromptsRead(state), (read) => decide(read, asked, tool));
}

function decide(state: AcpState, asked: AskedByAcp, tool: AcpTool): AcpStep {
  if (isAllowed(state, tool))
    return followedBy(showTool(state, tool), (next) => choose(next, asked, true));
  if (!state.mayAsk) return refuse(state, asked, "The workflow does not allow it.");
  const { questionId, input, reason } = asked;
  const question: Question = { questionId, tool: asked.tool, input, reason };
  return followedBy(showTool(state, tool), (next) =>
    stepTo({ ...next, questions: [...next.questions, asked] }, { questions: [question] }),
  );
}

/** By the agent's own name of the tool, and by those that workflows of Claude Code use for the same. */
function isAllowed(state: AcpState, { name, kind }: AcpTool): boolean {
  if (state.allowsAll || harmless.has(kind)) return true;
  const names = [name, kind, ...(namesOf[kind] ?? [])];
  if (names.some((one) => state.allowedTools.includes(one))) return true;
  return edits.has(kind) && state.permissions !== "ask";
}

const harmless = new Set(["read", "search", "think"]);
const edits = new Set(["edit", "delete", "move"]);
const namesOf: Record<string, string[]> = {
  execute: ["Bash"],
  edit: ["Edit", "Write"],
  delete: ["Edit", "Write"],
  move: ["Edit", "Write"],
  fetch: ["WebFetch"],
};

/** An operator's answer; one whose question is settled already says nothing. */
export function answerAcp(
  state: AcpState,
  { questionId, isAllowed: isYes, text }: Extract<OperatorInput, { kind: "answer" }>,
): AcpStep {
  const asked = state.questions.find((question) => question.questionId === questionId);
  if (!asked) return stepTo(state);
  const questions = state.questions.filter((question) => question !== asked);
  const rest = { ...state, questions };
  return isYes ? choose(rest, asked, true) : refuse(rest, asked, text ?? "No reason was given.");
}

function refuse(state: AcpState, asked: AskedByAcp, reason: string): AcpStep {
  const { tool, input, toolId } = asked;
  const known = state.tools.find(({ id }) => id === toolId);
  const told = stepTo(state, { entries: [{ kind: "permission_denied", tool, input, reason }] });
  const dropped = followedBy(told, (next) =>
    dropTool(next, known ?? { id: toolId, name: tool, kind: "", title: "", input, isShown: false }),
  );
  return followedBy(dropped, (next) => choose(next, asked, false));
}

/** The ids of the options are each agent's own; their kinds are the protocol's. Once, never for always. */
function choose(state: AcpState, { requestId, options }: AskedByAcp, isYes: boolean): AcpStep {
  const kinds = isYes ? ["allow_once", "allow_always"] : ["reject_once", "reject_always"];
  const [chosen] = kinds.flatMap((kind) => options.find((option) => option.kind === kind) ?? []);
  const outcome = chosen
    ? { outcome: "selected", optionId: chosen.optionId }
    : { outcome: "cancelled" };
  const answer = toLine({ jsonrpc: "2.0", id: requestId, result: { outcome } });
  const step = stepTo(state, { replies: [answer] });
  // A yes for which the agent has no option would leave it waiting.
  return isYes && !chosen ? followedBy(step, cancelPrompt) : step;
}
