import { z } from "zod";
import { type EndReason, endReasonFacts } from "./end-reasons";
import type { ControlPhaseSeen } from "./evidence";
import { isTerminal, type RunStatus } from "./run-status";

/**
 * - `adopted`: its agent lives, and is followed again under the same attempt.
 * - `finished`: its agent ended while nobody watched; the exit was found and used.
 * - `queued_again`: nothing of it lived and no exit was left; the next attempt was queued.
 * - `given_up`: the same, and the retry policy allows no further attempt.
 * - `superseded`: the host had been declared lost; what lived of it was ended, its work kept.
 * - `pending`: it is being found out.
 */
export const recoveryOutcomes = [
  "adopted",
  "finished",
  "queued_again",
  "given_up",
  "superseded",
  "pending",
] as const;
const recoveryOutcomeSchema = z.enum(recoveryOutcomes);
export type RecoveryOutcome = z.infer<typeof recoveryOutcomeSchema>;

/** How a worker's predecessor had ended. `none`: it is the first of its name. */
const stopKinds = ["none", "stopped", "vanished"] as const;
export type StopKind = (typeof stopKinds)[number];

export const recoveryReportViewSchema = z.object({
  id: z.string(),
  worker: z.string(),
  host: z.string(),
  startedAt: z.date(),
  before: z.enum(stopKinds),
  lastBeatAt: z.date().nullable(),
  isHostRestarted: z.boolean().nullable(),
  waiting: z.number().int(),
  settledAt: z.date().nullable(),
  entries: z.array(
    z.object({
      runId: z.string(),
      number: z.number().int(),
      attempt: z.number().int(),
      outcome: recoveryOutcomeSchema,
      sentence: z.string(),
      workKept: z.string().nullable(),
      at: z.date(),
    }),
  ),
});
export type RecoveryReportView = z.infer<typeof recoveryReportViewSchema>;

/** What a worker sees of an attempt when it starts. */
export interface FoundAttempt {
  status: RunStatus;
  phase: ControlPhaseSeen;
  pid: number | null;
  isAgentAlive: boolean;
}

/** What is known at once: an agent that lives is adopted; the rest is told when it has happened. */
export function describeFound(found: FoundAttempt): { outcome: RecoveryOutcome; sentence: string } {
  if (found.status === "finishing") {
    return pending("Its agent had ended already; keeping its work goes on.");
  }
  if (found.isAgentAlive && found.phase !== "ready") {
    return {
      outcome: "adopted",
      sentence: `Its agent (process ${found.pid}) went on by itself and is followed again.`,
    };
  }
  if (found.phase === "exited") return pending("Its agent ended while nobody watched.");
  if (found.status === "preparing") return pending("It was being prepared; that goes on.");
  return pending("Its agent is gone and left no exit; its work is being kept.");
}

function pending(sentence: string): { outcome: "pending"; sentence: string } {
  return { outcome: "pending", sentence };
}

/** How the run stands now, whose attempt was found. */
export interface FoundAttemptNow {
  status: RunStatus;
  /** The run's present attempt, which may be a later one. */
  currentAttempt: number;
  attempt: number;
  /** Of the attempt that was found. */
  endReason: EndReason | null;
  isAgentLetGo: boolean;
}

/** Null while it is not known yet what became of it. */
export function describeOutcome(
  now: FoundAttemptNow,
): { outcome: RecoveryOutcome; sentence: string } | null {
  const isLater = now.currentAttempt > now.attempt;
  const label = now.endReason ? endReasonFacts[now.endReason].label : null;
  if (isLater || (now.status === "queued" && label)) {
    return { outcome: "queued_again", sentence: `${label ?? "It was interrupted"}: queued again.` };
  }
  if (isTerminal(now.status)) {
    const isLoss = now.endReason === "worker_lost" || now.endReason === "host_lost";
    return isLoss
      ? { outcome: "given_up", sentence: `${label}, and it has been tried often enough.` }
      : { outcome: "finished", sentence: `It ended while nobody watched: ${label ?? now.status}.` };
  }
  if (now.status === "running" || now.status === "waiting") {
    return now.isAgentLetGo
      ? { outcome: "adopted", sentence: "It goes on under the same attempt." }
      : null;
  }
  return null;
}
