import type { EndReason } from "@/server/domain/end-reasons";
import { classifyError } from "./claude-result";
import type { ClaudeState } from "./claude-state";
import type { Conclusion, Exit } from "./driver";

/** The exit code is no verdict: an interrupted Claude exits 0. Only its terminal event counts. */
export function concludeClaude(state: ClaudeState, exit: Exit): Conclusion {
  const { reason, result, error } = findEnd(state, exit);
  const sessionCostUsdAfter = state.sessionCostUsd;
  return { reason, result, error, usage: state.usage, sessionCostUsdAfter };
}

interface End {
  reason: EndReason;
  result: string | null;
  error: string | null;
}

function findEnd(state: ClaudeState, exit: Exit): End {
  if (state.foreignSessionId !== null) {
    const error = `It answered under session ${state.foreignSessionId} instead of ${state.nativeSessionId}.`;
    return { reason: "session_id_changed", result: null, error };
  }
  const isFinished = state.end !== null && !state.isTurnOpen && state.open.length === 0;
  if (state.end && (isFinished || state.end.reason !== "completed")) {
    return { reason: state.end.reason, result: state.end.text, error: state.end.error };
  }
  return explainSilence(state, exit);
}

function explainSilence(state: ClaudeState, exit: Exit): End {
  const tail = exit.tail.trim();
  const how = exit.signal
    ? `was ended by ${exit.signal}`
    : `ended with exit code ${exit.code ?? "unknown"}`;
  const error = `Claude Code ${how} before it reported a result.${tail ? ` Its last words: ${tail}` : ""}`;
  if (state.wasInterrupted) return { reason: "cancelled_by_operator", result: null, error };
  const named = classifyError(null, tail);
  const reason = named === "agent_error" ? "no_terminal_event" : named;
  return { reason, result: null, error };
}
