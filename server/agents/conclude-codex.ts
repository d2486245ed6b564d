import { stripVTControlCharacters } from "node:util";
import { type CodexState, isIdle } from "./codex-state";
import { describeCodexUsage, listCodexModels } from "./codex-usage";
import type { Conclusion, Exit } from "./driver";
import { type End, explainSilence } from "./explain-silence";

/** Only the terminal event of its newest turn counts: the app server exits 0 whatever became of it. */
export function concludeCodex(state: CodexState, exit: Exit): Conclusion {
  const { reason, result, error } = findEnd(state, exit);
  return {
    ...{ reason, result, error, usage: describeCodexUsage(state), sessionCostUsdAfter: null },
    models: listCodexModels(state),
    isUsageWhole: state.turn === null,
    usageResetsAt: reason === "usage_limit" ? (state.limitResetsAt ?? null) : null,
  };
}

function findEnd(state: CodexState, exit: Exit): End {
  if (state.foreignThreadId !== null) {
    const expected = state.threadId ?? state.expectedThreadId;
    const error = `It answered under thread ${state.foreignThreadId} instead of ${expected}.`;
    return { reason: "session_id_changed", result: null, error };
  }
  if (state.end && (isIdle(state) || state.end.reason !== "completed")) {
    return { reason: state.end.reason, result: state.end.text, error: state.end.error };
  }
  const tail = stripVTControlCharacters(exit.tail);
  const wasStopped = state.wasInterrupted && !state.isAtTurnLimit;
  return explainSilence("Codex", { ...exit, tail }, wasStopped);
}
