import { stripVTControlCharacters } from "node:util";
import { type AcpState, isIdle } from "./acp-state";
import { describeAcpUsage } from "./acp-usage";
import type { Conclusion, Exit } from "./driver";
import { type End, explainSilence } from "./explain-silence";

/** Only the terminal event of its newest prompt counts: the agents exit 0 whatever became of it. */
export function concludeAcp(state: AcpState, exit: Exit): Conclusion {
  const { reason, result, error } = findEnd(state, exit);
  const usage = describeAcpUsage(state);
  return { reason, result, error, usage, sessionCostUsdAfter: state.costUsdTotal };
}

function findEnd(state: AcpState, exit: Exit): End {
  if (state.foreignSessionId !== null) {
    const error = `It answered under session ${state.foreignSessionId} instead of ${state.sessionId}.`;
    return { reason: "session_id_changed", result: null, error };
  }
  if (state.end && (isIdle(state) || state.end.reason !== "completed")) {
    return { reason: state.end.reason, result: state.end.text, error: state.end.error };
  }
  const tail = stripVTControlCharacters(exit.tail);
  return explainSilence("The agent", { ...exit, tail }, state.wasInterrupted);
}
