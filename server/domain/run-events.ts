import type { EndReason } from "./end-reasons";
import type { RunStatus } from "./run-status";

/** The closed list of what can happen to a run. */
export type RunEventKind =
  | "status_changed"
  | "workspace_ready"
  | "agent_started"
  | "agent_stopped"
  | "agent_ended"
  | "attempt_ended"
  | "worker_changed"
  | "host_lost"
  | "cancel_asked"
  | "snapshot_made"
  | "commits_recorded"
  | "notice";

/** An event's facts. `from`, `to` and `reason` stand on every change of status. */
export interface RunEventData {
  from?: RunStatus | null;
  to?: RunStatus;
  reason?: EndReason | null;
  attempt?: number;
  text?: string;
  [fact: string]: unknown;
}
