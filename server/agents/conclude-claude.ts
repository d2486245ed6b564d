import type { ClaudeState } from "./claude-state";
import type { Conclusion, Exit } from "./driver";
import { type End, explainSilence } from "./explain-silence";
import { measureOf } from "./measure-claude";

/** The exit code is no verdict: an interrupted Claude exits 0. Only its terminal event counts. */
export function concludeClaude(state: ClaudeState, exit: Exit): Conclusion {
  const { models, limitResetsAt } = measureOf(state);
  const { reason, result, error } = findEnd(state, exit);
  const sessionCostUsdAfter = state.sessionCostUsd;
  return {
    ...{ reason, result, error, usage: state.usage, sessionCostUsdAfter },
    models,
    // What the open turn used was never told.
    isUsageWhole: !state.isTurnOpen,
    usageResetsAt: reason === "usage_limit" ? limitResetsAt : null,
  };
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
  return explainSilence("Claude Code", exit, state.wasInterrupted);
}
