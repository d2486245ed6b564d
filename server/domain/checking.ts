import { utf8Length } from "./limits";
import type { AgentKind, WorkflowDefinition } from "./workflow";
import type { Check, CommandState, RepositorySettings } from "./workspace-commands";

/** What an agent is told of a failing check at most: bytes of the end of its output. */
export const failingTailBytes = 4 * 1024;
/** And in one message over all checks. */
const maxTailsBytes = 24 * 1024;

export interface ChosenChecks {
  checks: Check[];
  checkRounds: number;
}

/** A workflow's own checks and rounds stand in place of the repository's; an empty list means none. */
export function chooseChecks(
  { checks, checkRounds }: Pick<WorkflowDefinition, "checks" | "checkRounds">,
  repository: Pick<RepositorySettings, "checks" | "checkRounds">,
): ChosenChecks {
  return {
    checks: checks ?? repository.checks,
    checkRounds: checkRounds ?? repository.checkRounds,
  };
}

export type ChecksDecision = "passed" | "failed" | "sent_back" | "cancelled";

/**
 * What a round of checks means for its run. A check whose process was lost has proved nothing, so it
 * did not pass. A shell command cannot be talked to: nothing is sent back to it.
 */
export function decideAfterChecks(facts: {
  states: CommandState[];
  /** Rounds that were sent back before this one. */
  sentBack: number;
  checkRounds: number;
  agent: AgentKind;
  isCancelAsked: boolean;
}): ChecksDecision {
  if (facts.states.length > 0 && facts.states.every((state) => state === "passed")) return "passed";
  if (facts.isCancelAsked || facts.states.includes("cancelled")) return "cancelled";
  const mayGoOn = facts.agent !== "shell" && facts.sentBack < facts.checkRounds;
  return mayGoOn ? "sent_back" : "failed";
}

export interface FailedCheck {
  name: string;
  command: string;
  state: CommandState;
  exitCode: number | null;
  exitSignal: string | null;
  note: string | null;
  /** The end of what it printed. */
  tail: string;
}

/** “failed with exit code 1”: how a command ended. */
export function describeCommandEnd({
  state,
  exitCode,
  exitSignal,
  note,
}: Pick<FailedCheck, "state" | "exitCode" | "exitSignal" | "note">): string {
  if (note) return note;
  if (state === "passed") return "passed";
  if (state === "lost") return "was lost: its process died and left no exit status";
  if (state === "skipped") return "was not run";
  if (state === "cancelled") return "was stopped";
  if (exitSignal) return `was ended by ${exitSignal}`;
  return `failed with exit code ${exitCode ?? "unknown"}`;
}

/** What the agent is told when failing checks go back to it: which, how they ended, what they said. */
export function composeMendMessage(
  failed: FailedCheck[],
  round: { number: number; of: number },
): string {
  const count = failed.length === 1 ? "one of them" : `${failed.length} of them`;
  const parts = [
    `Coppice ran the checks on your work, and ${count} did not pass (round ${round.number} of ${round.of}). Find the cause and mend it in this workspace. Do not weaken or switch off a check to make it pass.`,
  ];
  let left = maxTailsBytes;
  for (const check of failed) {
    const tail = cutTail(check.tail, Math.min(left, failingTailBytes)).trimEnd();
    left = Math.max(0, left - utf8Length(tail));
    const said = tail === "" ? "No output is shown." : `The end of its output:\n\n${tail}`;
    parts.push(
      `Check “${check.name}” ${describeCommandEnd(check)}.\nIts command: ${check.command}\n${said}`,
    );
  }
  return parts.join("\n\n");
}

/** At most this many bytes of the end, from a whole line on where there is one. */
function cutTail(text: string, maxBytes: number): string {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= maxBytes) return text;
  const end = new TextDecoder().decode(bytes.subarray(bytes.length - maxBytes));
  const line = end.indexOf("\n");
  return line >= 0 && line < end.length - 1 ? end.slice(line + 1) : end.replace(/^\uFFFD+/, "");
}

/** Whether the set-up is run; a workspace in which the last one did not pass is not ready. */
export function needsSetUp(facts: {
  when: RepositorySettings["setUpWhen"];
  /** The workspace's folder was not there before this attempt. */
  isNewWorkspace: boolean;
  hasPassed: boolean;
}): boolean {
  return facts.when === "every_run" || facts.isNewWorkspace || !facts.hasPassed;
}
