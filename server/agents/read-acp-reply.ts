import { readPromptEnd } from "./acp-result";
import { type AcpState, type AcpStep, ask, stepTo } from "./acp-state";
import { explainAcpError } from "./explain-acp-error";
import { asFields, asNumber, asText, type Fields } from "./json-fields";

/** What the agent answered to one of our requests; an answer to none of them says nothing. */
export function readAcpReply(state: AcpState, line: Fields): AcpStep {
  const request = state.pending.find(({ id }) => id === asNumber(line.id));
  if (!request) return stepTo(state);
  const rest = { ...state, pending: state.pending.filter((other) => other !== request) };
  const error = asFields(line.error);
  const result = asFields(line.result) ?? {};
  if (request.purpose === "prompt") return readPromptEnd(rest, request, result, error);
  if (error) return failGreeting(rest, error);
  if (request.purpose === "initialize") return openSession(rest, result);
  return learnSession({ ...rest, openedBy: request.id }, result);
}

/** The one version of the protocol that the driver was tried with. */
export const protocolVersion = 1;

/** Goes on with the conversation of before where the agent can, else begins one. */
function openSession(state: AcpState, result: Fields): AcpStep {
  if (asNumber(result.protocolVersion) !== protocolVersion) {
    const message = `It speaks version ${result.protocolVersion} of the Agent Client Protocol; Coppice speaks ${protocolVersion}.`;
    return failGreeting(state, { message });
  }
  const place = { cwd: state.workspacePath, mcpServers: [] };
  const { resumeId } = state;
  const method = resumeId === null ? null : findResumeMethod(result);
  if (method) return ask(state, "open", method, { sessionId: resumeId, ...place });
  return ask({ ...state, resumeId: null }, "open", "session/new", place);
}

/** Without a replay where it can be had. */
function findResumeMethod(result: Fields): string | null {
  const capabilities = asFields(result.agentCapabilities);
  if (asFields(asFields(capabilities?.sessionCapabilities)?.resume)) return "session/resume";
  return capabilities?.loadSession === true ? "session/load" : null;
}

/** From here on every line must belong to this conversation. */
function learnSession(state: AcpState, result: Fields): AcpStep {
  const sessionId = state.resumeId ?? asText(result.sessionId);
  if (sessionId === null) return failGreeting(state, { message: "It gave its session no id." });
  return stepTo({ ...state, sessionId }, { nativeSessionId: sessionId });
}

/** No conversation, so there is nothing to say a prompt in. */
function failGreeting(state: AcpState, error: Fields): AcpStep {
  const { reason, words } = explainAcpError(error);
  const text =
    state.resumeId === null
      ? `The agent could not open a conversation: ${words}`
      : `The agent cannot go on with the conversation ${state.resumeId}: ${words}. Start a new session.`;
  return stepTo({ ...state, end: { reason, text: null, error: text }, isInputOver: true });
}
