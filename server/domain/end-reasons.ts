import { z } from "zod";
import type { TerminalStatus } from "./run-status";

/** Why a run or an attempt ended. Each has its own word, because retry and the page differ. */
export const endReasons = [
  "completed",
  "agent_error",
  "no_terminal_event",
  "session_id_changed",
  "max_turns",
  "budget_spent",
  "token_limit",
  "timed_out",
  "stalled",
  "output_limit",
  "checks_failed",
  "setup_failed",
  "workspace_failed",
  "repository_failed",
  "delivery_failed",
  "agent_not_found",
  "secrets_failed",
  "config_not_approved",
  "agent_sign_in_needed",
  "command_failed",
  "usage_limit",
  "worker_lost",
  "host_lost",
  "shutdown",
  "cancelled_by_operator",
  "internal_error",
] as const;
export const endReasonSchema = z.enum(endReasons);
export type EndReason = z.infer<typeof endReasonSchema>;

interface EndReasonFacts {
  status: TerminalStatus;
  /** A sentence for the page. */
  label: string;
  /** What the operator can do about it. */
  nextStep: string;
  /** Whether the same run may be tried again by itself. */
  isRetried: boolean;
}

const failed = (label: string, nextStep: string, isRetried = false): EndReasonFacts => ({
  status: "failed",
  label,
  nextStep,
  isRetried,
});

export const endReasonFacts: Record<EndReason, EndReasonFacts> = {
  completed: { status: "succeeded", label: "Completed", nextStep: "", isRetried: false },
  agent_error: failed("The agent reported an error", "Read the last entries, then rerun."),
  no_terminal_event: failed(
    "The agent ended without saying how",
    "Look at the end of the output; its work was kept. Rerun when the cause is clear.",
  ),
  session_id_changed: failed(
    "The agent answered under another session id",
    "Its work was kept. Start a new session.",
  ),
  max_turns: failed("The turn limit was reached", "Continue the session, or raise the limit."),
  budget_spent: failed("The budget was spent", "Continue the session, or raise the budget."),
  token_limit: failed("The token limit was reached", "Continue the session, or raise the limit."),
  timed_out: failed("The time limit was reached", "Continue the session, or raise the limit."),
  stalled: failed(
    "The agent was silent too long",
    "Look at its last output, then continue the session. Raise the limit if its work is quiet.",
  ),
  output_limit: failed("Too much output", "Make the command quieter, or raise the limit."),
  checks_failed: failed("Checks failed", "Read the failing check, then continue the session."),
  setup_failed: failed("The set-up script failed", "Read its output and mend the script."),
  workspace_failed: failed(
    "The workspace could not be made or read",
    "Check the disk and the folder's permissions on the worker, then rerun.",
  ),
  repository_failed: failed(
    "The repository could not be read",
    "Check its address, credentials and branch, then rerun.",
  ),
  delivery_failed: failed("The delivery failed", "The work was kept; deliver it again."),
  agent_not_found: failed(
    "The agent program was not found on the worker",
    "Install it there, or set its path, then rerun.",
  ),
  secrets_failed: failed(
    "A secret is missing or cannot be read",
    "Set it again on the repository's or workflow's page, then rerun.",
  ),
  config_not_approved: failed(
    "The repository's agent configuration is not approved",
    "Read it and approve it on the repository's page, then rerun.",
  ),
  agent_sign_in_needed: failed(
    "The agent is not signed in",
    "As the worker's user on its host, run “claude” and type /login (Codex: “codex login”), or give it an API key; then rerun.",
  ),
  command_failed: failed("The command ended with an error", "Read its output, then rerun."),
  usage_limit: failed(
    "The provider's usage limit was reached",
    "Coppice waited and tried again several times. Continue the session after the limit resets.",
  ),
  worker_lost: failed(
    "The agent died together with its worker",
    "Its work was kept. Rerun or continue.",
    true,
  ),
  host_lost: failed("The host was declared lost", "Rerun on another host.", true),
  shutdown: failed("Coppice was stopped", "It goes on at the next start.", true),
  cancelled_by_operator: {
    status: "cancelled",
    label: "Cancelled by an operator",
    nextStep: "Its work was kept. Rerun or continue when wanted.",
    isRetried: false,
  },
  internal_error: failed(
    "Coppice itself failed",
    "The work was kept. Report the error shown here, then rerun.",
  ),
};
