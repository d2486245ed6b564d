import { z } from "zod";
import type { Isolation } from "./confinement";
import type { AgentKind } from "./workflow";

/** How it seems: only a request would prove that a login or a key is good. */
export const signInStates = ["login", "key", "none", "unknown", "not_needed"] as const;

export interface SignInSight {
  state: (typeof signInStates)[number];
  /** The file or variable that says so, or that would; never what stands in it. */
  where: string | null;
}

/** Whether an agent can be used on a host, and what to do when it can't. */
export interface AgentPresence {
  kind: AgentKind;
  /** The program's name; missing in what older workers wrote, as are the next five. */
  name?: string;
  label?: string;
  signIn?: SignInSight;
  howToSignIn?: string | null;
  /** Variables of which any stands for a sign-in. */
  keys?: string[];
  /** For a workflow of an ACP agent. */
  command?: string | null;
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

/**
 * Whether a host can run the agent, as far as its worker has seen. ACP agents are many, and a workflow
 * may name one that Coppice does not look for: that one is tried.
 */
export function canRunAgent(
  agents: readonly AgentPresence[],
  kind: AgentKind,
  program: string | null = null,
): boolean {
  const ofKind = agents.filter((agent) => agent.kind === kind);
  if (kind !== "acp") return ofKind.some(({ problem }) => problem === null);
  const known = ofKind.find(({ name }) => name === program);
  return known ? known.problem === null : ofKind.length > 0;
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
