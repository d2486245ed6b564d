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

/** A worker that has not beaten for this long is shown as away. */
export const workerAwaySeconds = 20;
