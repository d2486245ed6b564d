import { mkdir, realpath } from "node:fs/promises";
import { connectDatabase } from "@/db/client";
import { probeIsolation } from "@/server/agents/probe-isolation";
import { confineWith } from "@/server/agents/sandbox";
import { Conflict } from "@/server/domain/errors";
import type { WaitReason } from "@/server/domain/run";
import { canRunAgent, type WorkerFacts } from "@/server/domain/worker";
import { openWorkerJobs } from "@/server/jobs/jobs";
import { checkGitVersion } from "@/server/workspaces/check-git-version";
import { checkInstallation } from "./check-installation";
import { watchDisk } from "./cleanup/watch-disk";
import type { WorkerContext } from "./context";
import { holdName } from "./hold-name";
import { probeHost } from "./probe-host";
import { type RegisteredWorker, registerWorker } from "./register-worker";

export interface StartWorker {
  databaseUrl: string;
  home: string;
  name: string;
  slots: number;
  environment: NodeJS.ProcessEnv;
  log: (message: string) => void;
  /** Another worker has the name now: this process must end at once and write no more. */
  onSuperseded: () => void;
}

/** Set by the slots once they are open. */
interface Intake {
  findRefusal: () => WaitReason | null;
}

export interface OpenedWorker {
  context: WorkerContext;
  /** What the database knew of this worker when it registered. */
  registered: RegisteredWorker;
  intake: Intake;
  /** What the host offers, as of the last look. */
  facts: { current: WorkerFacts };
  close(): Promise<void>;
}

/**
 * Takes the worker's name and opens all that its parts are given.
 * @throws Conflict when a living worker has the name, or the home belongs to another installation.
 */
export async function openWorker(options: StartWorker): Promise<OpenedWorker> {
  const { databaseUrl, log } = options;
  await mkdir(options.home, { recursive: true });
  const home = await realpath(options.home);
  const { warning } = await checkGitVersion(home);
  if (warning) log(warning);
  const name = await holdName({ ...options, onTaken: options.onSuperseded });
  if (!name) {
    throw new Conflict(`A worker named “${options.name}” is alive already.`, {
      hint: "Stop it first, or give this one another name with COPPICE_WORKER_NAME.",
    });
  }
  const db = connectDatabase({
    url: databaseUrl,
    maxConnections: options.slots + 4,
    name: `coppice-worker-${options.name}`.slice(0, 60),
    onError: (error) => log(`database: ${error.message}`),
  });
  const installationId = await checkInstallation(db, home);
  const isolation = await probeIsolation();
  const facts = { current: await probeHost(isolation) };
  const jobs = await openWorkerJobs({ url: databaseUrl, workerName: options.name, log });
  const worker = await registerWorker({ ...options, db, home, facts: facts.current });
  const intake: Intake = { findRefusal: () => "slot" };
  const context: WorkerContext = {
    db,
    databaseUrl,
    jobs,
    home,
    installationId,
    worker,
    isolation,
    findRefusal: () => intake.findRefusal(),
    hasAgent: (agent) => canRunAgent(facts.current.agents, agent),
    confine: confineWith(isolation),
    disk: await watchDisk(db, home, worker.id),
    poolWishes: new Map(),
    environment: options.environment,
    log,
  };
  const close = async () => {
    await Promise.all([jobs.close(), name.release()]);
    await db.$client.end();
  };
  return { context, registered: worker, intake, facts, close };
}
