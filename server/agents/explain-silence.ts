import type { EndReason } from "@/server/domain/end-reasons";
import { classifyError } from "./classify-error";
import type { Exit } from "./driver";

/** How an agent's run ended. */
export interface End {
  reason: EndReason;
  result: string | null;
  error: string | null;
}

/** The end of an agent that went without its terminal event: its last words may name the cause. */
export function explainSilence(agent: string, exit: Exit, wasInterrupted: boolean): End {
  const tail = exit.tail.trim();
  const how = exit.signal
    ? `was ended by ${exit.signal}`
    : `ended with exit code ${exit.code ?? "unknown"}`;
  const error = `${agent} ${how} before it reported a result.${tail ? ` Its last words: ${tail}` : ""}`;
  if (wasInterrupted) return { reason: "cancelled_by_operator", result: null, error };
  const named = classifyError(null, tail);
  const reason = named === "agent_error" ? "no_terminal_event" : named;
  return { reason, result: null, error };
}
