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
  | "message_sent"
  | "message_moved"
  | "question_asked"
  | "question_answered"
  | "turn_interrupted"
  | "limit_near"
  | "usage_limit_met"
  | "set_up_ended"
  | "tear_down_ended"
  | "check_ended"
  | "checks_sent_back"
  | "delivery_planned"
  | "delivery_moved"
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
