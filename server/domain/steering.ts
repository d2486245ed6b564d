import { steeringOf } from "./conversation";
import { isTerminal, type RunStatus } from "./run-status";
import type { AgentKind } from "./workflow";

/** What decides whether something can be said to a run's agent. */
export interface SteeringFacts {
  status: RunStatus;
  agent: AgentKind;
  isCancelAsked: boolean;
}

/** Why not, and what to do instead. */
export interface Refusal {
  message: string;
  hint: string;
}

/** Why no message can be sent to the run; null when one can. It waits where the agent is not up yet. */
export function findSteerRefusal(run: SteeringFacts): Refusal | null {
  return findEnd(run) ?? findSilence(run);
}

/** Why the agent's turn cannot be interrupted; null when it can. */
export function findInterruptRefusal(run: SteeringFacts): Refusal | null {
  const refusal = findSteerRefusal(run);
  if (refusal || run.status === "running" || run.status === "waiting") return refusal;
  return {
    message: `The run is ${run.status}: its agent does not work yet.`,
    hint: "Cancel the run, or wait until it runs.",
  };
}

function findEnd({ status, isCancelAsked }: SteeringFacts): Refusal | null {
  const hint = "Continue the session: a new run goes on in the same workspace and conversation.";
  if (isTerminal(status)) return { message: `The run has ended as ${status}.`, hint };
  if (status === "finishing") return { message: "The agent has ended; its work is kept.", hint };
  return isCancelAsked ? { message: "The run is being cancelled.", hint } : null;
}

function findSilence({ agent }: Pick<SteeringFacts, "agent">): Refusal | null {
  if (steeringOf[agent] !== "never") return null;
  return {
    message: "A shell command reads no messages while it runs.",
    hint: "Cancel it, or wait for its end and continue the session.",
  };
}
