import { z } from "zod";
import type { Isolation } from "./confinement";
import type { AgentKind } from "./workflow";

/** Whether an agent can be used on a host, and what to do when it can't. */
export interface AgentPresence {
  kind: AgentKind;
  program: string | null;
  version: string | null;
  problem: string | null;
  howToInstall: string;
}

/** What a worker found out about its host when it started. */
export interface WorkerFacts {
  version: string;
  isolation: Isolation;
  /** Why the isolation is no better than it is. */
  isolationWhy: string;
  agents: AgentPresence[];
}

/** A worker says that it lives once in this long. */
export const workerBeatSeconds = 5;

/** A worker that has not beaten for this long is shown as away. */
export const workerAwaySeconds = 15;

/** How many runs at once may be allowed to one worker. */
export const maxCapacity = 256;

/**
 * - `live`: it beats and takes runs.
 * - `draining`: it beats, takes no new run, and still follows agents.
 * - `drained`: it beats, takes no new run, and holds none: it can be stopped or upgraded.
 * - `stalled`: it has not beaten for 15 s. Its agents may go on.
 * - `stopped`: it was stopped on purpose. Its agents may go on.
 * - `lost`: its host was declared lost; it is believed again once it has put its leftovers in order.
 */
const workerStates = ["live", "draining", "drained", "stalled", "stopped", "lost"] as const;
export const workerStateSchema = z.enum(workerStates);
export type WorkerState = z.infer<typeof workerStateSchema>;

export interface WorkerStateFacts {
  heartbeatAt: Date;
  stoppedAt: Date | null;
  drainAskedAt: Date | null;
  lostAt: Date | null;
  /** How many runs it holds. */
  held: number;
}

/** `now` is the database's time, as the beats are: hosts' clocks may differ. */
export function decideWorkerState(worker: WorkerStateFacts, now: Date): WorkerState {
  if (worker.lostAt) return "lost";
  if (worker.stoppedAt) return "stopped";
  if (now.getTime() - worker.heartbeatAt.getTime() >= workerAwaySeconds * 1000) return "stalled";
  if (worker.drainAskedAt) return worker.held > 0 ? "draining" : "drained";
  return "live";
}

/** Whether its process is there, whatever it may take. */
export function isPresent(state: WorkerState): boolean {
  return state === "live" || state === "draining" || state === "drained";
}
