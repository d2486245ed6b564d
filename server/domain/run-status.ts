import { z } from "zod";

/**
 * The statuses of a run, and who moves it out of each:
 * - `queued`: accepted, a job exists. A worker claims it.
 * - `preparing`: claimed; mirror, workspace and agent process are being made. The worker.
 * - `running`: workspace, process and all ids are committed. Terminal event, limit or operator.
 * - `waiting`: the agent asked something; its process is alive. An operator, or the deadline.
 * - `finishing`: the agent is gone; snapshot and commits are collected. The worker.
 * - `succeeded`, `failed`, `cancelled`: ended. Nobody.
 */
export const runStatuses = [
  "queued",
  "preparing",
  "running",
  "waiting",
  "finishing",
  "succeeded",
  "failed",
  "cancelled",
] as const;
export const runStatusSchema = z.enum(runStatuses);
export type RunStatus = z.infer<typeof runStatusSchema>;

/** Every move a run may make. `docs/architecture.md` draws it and a test compares the two. */
export const runTransitions = {
  queued: ["preparing", "failed", "cancelled"],
  preparing: ["queued", "running", "finishing", "failed", "cancelled"],
  running: ["queued", "waiting", "finishing"],
  waiting: ["queued", "running", "finishing"],
  finishing: ["queued", "succeeded", "failed", "cancelled"],
  succeeded: [],
  failed: [],
  cancelled: [],
} as const satisfies Record<RunStatus, readonly RunStatus[]>;

export const terminalStatuses = ["succeeded", "failed", "cancelled"] as const;
export type TerminalStatus = (typeof terminalStatuses)[number];

/** Statuses in which a worker holds the run and its workspace. */
export const heldStatuses = ["preparing", "running", "waiting", "finishing"] as const;
export type HeldStatus = (typeof heldStatuses)[number];

export function isTerminal(status: RunStatus): status is TerminalStatus {
  return (terminalStatuses as readonly RunStatus[]).includes(status);
}

export function isHeld(status: RunStatus): status is HeldStatus {
  return (heldStatuses as readonly RunStatus[]).includes(status);
}

export function mayMove(from: RunStatus, to: RunStatus): boolean {
  return (runTransitions[from] as readonly RunStatus[]).includes(to);
}

/** The statuses from which `to` may be reached: the guard of its update statement. */
export function statusesBefore(to: RunStatus): RunStatus[] {
  return runStatuses.filter((from) => mayMove(from, to));
}
