import { readAcpRequest } from "./acp-questions";
import { type AcpState, type AcpStep, followedBy, notice, stepTo } from "./acp-state";
import { flushChunk, readAcpUpdate } from "./acp-updates";
import { asFields, asText, type Fields, parseFields } from "./json-fields";
import { readAcpReply } from "./read-acp-reply";

/** What one line of an ACP agent's stdout means. Kinds of line that say nothing here are passed over. */
export function readAcpLine(state: AcpState, text: string): AcpStep {
  if (text.trim() === "" || state.foreignSessionId !== null) return stepTo(state);
  const line = parseFields(text);
  const method = asText(line?.method);
  if (line && state.isRereading) {
    const isOpened = method === null && line.id === state.openedBy;
    return stepTo({ ...state, isRereading: !isOpened });
  }
  if (line && method === null) return readAcpReply(state, line);
  // What is said during the greeting is read once more after it.
  if (state.isGreeting) return stepTo(state);
  if (!line) {
    return notice(state, `A line of the agent's stream is not JSON: ${text.slice(0, 200)}`);
  }
  return readCall(state, line, asFields(line.params) ?? {});
}

function readCall(state: AcpState, line: Fields, params: Fields): AcpStep {
  const sessionId = asText(params.sessionId);
  if (sessionId !== null && sessionId !== state.sessionId) {
    const error = `The agent went on under session ${sessionId} instead of ${state.sessionId}.`;
    const entries = [{ kind: "error" as const, text: error }];
    return stepTo({ ...state, foreignSessionId: sessionId }, { entries });
  }
  if (line.id !== undefined) {
    return followedBy(flushChunk(state), (next) => readAcpRequest(next, line));
  }
  if (line.method !== "session/update") return stepTo(state);
  return readAcpUpdate(state, asFields(params.update) ?? {});
}
