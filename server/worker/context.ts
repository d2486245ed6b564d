import type { Database } from "@/db/client";
import type { IsolationFacts } from "@/server/agents/probe-isolation";
import type { Confine } from "@/server/domain/confinement";
import type { AttemptId, RepositoryId, RunId, WorkerId } from "@/server/domain/ids";
import type { WaitReason } from "@/server/domain/run";
import type { AgentKind } from "@/server/domain/workflow";
import type { HeldJob } from "@/server/jobs/held-job";
import type { Jobs } from "@/server/jobs/jobs";
import type { PoolWish } from "@/server/maintenance/refill-pool";
import type { DiskWatch } from "./cleanup/watch-disk";

/** What every part of a worker is given. */
export interface WorkerContext {
  db: Database;
  databaseUrl: string;
  jobs: Jobs;
  /** Absolute, with links resolved. */
  home: string;
  installationId: string;
  worker: { id: WorkerId; name: string; host: string };
  isolation: IsolationFacts;
  /** Why no run that nobody holds may be claimed now (drained, full); null when one may. */
  findRefusal: () => WaitReason | null;
  /** Whether the agent was found on this host at the last look. */
  hasAgent: (agent: AgentKind) => boolean;
  /** Confines the server's own git where an agent's files are read. */
  confine: Confine;
  /** The disk that holds the home: below its watermark no new run is claimed. */
  disk: DiskWatch;
  /** What spares to keep, by repository: a hint that a restart may forget. */
  poolWishes: Map<RepositoryId, PoolWish>;
  /** The worker's own environment: the source of the agents' allow-lists. */
  environment: NodeJS.ProcessEnv;
  log: (message: string) => void;
}

/** Why a hold ends before its run does. */
export type HoldEnd = "shutdown" | "superseded";

/** A run in this worker's hands: who it is, and the fence that every write must match. */
export interface Hold {
  runId: RunId;
  attemptId: AttemptId;
  attemptNumber: number;
  fence: number;
  controlPath: string;
  job: HeldJob;
  /** Fires with a `HoldEnd` as its reason. */
  signal: AbortSignal;
  /** Calls back whenever an operator may have asked something of this run. */
  onControl(callback: () => void): void;
}

/** Thrown inside a phase when the hold ended; the agent is left as it is. */
export class HoldEnded extends Error {
  constructor(readonly why: HoldEnd) {
    super(`the hold ended: ${why}`);
    this.name = "HoldEnded";
  }
}

/** @throws HoldEnded when the hold is over. */
export function assertHeld(hold: Pick<Hold, "signal">): void {
  if (hold.signal.aborted) throw new HoldEnded(hold.signal.reason as HoldEnd);
}

/** How the worker signs events. */
export function workerActor(context: WorkerContext): string {
  return `worker:${context.worker.name}`;
}
