import { z } from "zod";
import type { Actor } from "./actor";
import { mayAct } from "./actor";
import { isTerminal } from "./run-status";
import { findInterruptRefusal, findSteerRefusal, type SteeringFacts } from "./steering";

/** Why a queued run has not begun. */
export const waitReasons = [
  "slot",
  "agent_missing",
  "workspace_busy",
  "retry_delay",
  "schedule",
  "usage_limit",
  "checks_round",
  "disk_low",
  "worker_drained",
  "host_lost",
] as const;
export const waitReasonSchema = z.enum(waitReasons);
export type WaitReason = z.infer<typeof waitReasonSchema>;

export const waitReasonLabels: Record<WaitReason, string> = {
  slot: "waiting for a free slot",
  agent_missing: "waiting for a worker that has the agent",
  workspace_busy: "waiting for the workspace, which another run holds",
  retry_delay: "waiting before the next attempt",
  schedule: "waiting for its time",
  usage_limit: "waiting for the provider's usage limit to reset",
  checks_round: "waiting to go on: the failing checks go back to the agent",
  disk_low: "waiting for disk space on the worker's host",
  worker_drained: "waiting for its worker, which is drained",
  host_lost: "waiting for its host, which was declared lost",
};

/** `force_cancel`: cancel once more while it is being stopped, so that the next step is taken at once. */
const runActions = [
  "cancel",
  "force_cancel",
  "try_now",
  "rerun",
  "continue",
  "steer",
  "interrupt",
  "answer",
  "deliver",
] as const;
export const runActionSchema = z.enum(runActions);
export type RunAction = z.infer<typeof runActionSchema>;

/** Actions that open a dialog of their own wherever a run is shown. */
export type DialogAction = "cancel" | "force_cancel" | "rerun" | "continue";

export interface ActionFacts extends SteeringFacts {
  isCancelAsked: boolean;
  /** It has commits that could be delivered. */
  hasWork?: boolean;
  /** Its checks are under way. */
  isChecking?: boolean;
  waitReason?: WaitReason | null;
}

/** Whether a run waits for nothing but a time. */
export function mayTryNow({
  status,
  waitReason,
}: Pick<ActionFacts, "status" | "waitReason">): boolean {
  return status === "queued" && (waitReason === "usage_limit" || waitReason === "retry_delay");
}

/** What this actor may do with a run in this state; the pages draw only these. */
export function findAvailableActions(run: ActionFacts, actor: Actor): RunAction[] {
  if (!mayAct(actor, "operator")) return [];
  if (isTerminal(run.status))
    return [...(run.hasWork ? (["deliver"] as const) : []), "rerun", "continue"];
  if (run.status === "finishing") return run.isChecking && !run.isCancelAsked ? ["cancel"] : [];
  if (run.isCancelAsked) return ["force_cancel"];
  return [
    "cancel",
    ...(mayTryNow(run) ? (["try_now"] as const) : []),
    ...(findSteerRefusal(run) ? [] : (["steer"] as const)),
    ...(findInterruptRefusal(run) ? [] : (["interrupt"] as const)),
    ...(run.status === "waiting" ? (["answer"] as const) : []),
  ];
}
