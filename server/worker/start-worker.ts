import { mkdir, realpath } from "node:fs/promises";
import { connectDatabase, connectListener } from "@/db/client";
import { probeIsolation } from "@/server/agents/probe-isolation";
import { confineWith } from "@/server/agents/sandbox";
import { Conflict, describeError } from "@/server/domain/errors";
import { hostRequestsChannel } from "@/server/host-requests/ask-host";
import { fetchRunJob } from "@/server/jobs/held-job";
import { openWorkerJobs } from "@/server/jobs/jobs";
import { runQueuedChannel } from "@/server/jobs/send-run-job";
import { createSleeper } from "@/server/jobs/sleeper";
import { runSlot } from "@/server/jobs/slot-loop";
import { rescueRuns } from "@/server/maintenance/rescue-runs";
import { runControlChannel } from "@/server/runs/cancel-run";
import { checkGitVersion } from "@/server/workspaces/check-git-version";
import { emptyTrash } from "@/server/workspaces/remove-workspace";
import { answerHostRequests, askAgainAfterRestart } from "./answer-host-requests";
import { checkInstallation } from "./check-installation";
import type { WorkerContext } from "./context";
import { holdName } from "./hold-name";
import { type DrivenRuns, holdRun } from "./hold-run";
import { offerSampleRepository } from "./offer-sample-repository";
import { probeHost } from "./probe-host";
import { regainRuns } from "./regain-runs";
import { beatWorker, registerWorker, signOffWorker } from "./register-worker";
import { repeat } from "./repeat";

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

export interface RunningWorker {
  context: WorkerContext;
  driven: DrivenRuns;
  /** Stops taking runs and hands over what it holds; agents go on. */
  stop(): Promise<void>;
}

const beatMs = 5_000;
const probeMs = 30_000;
const rescueMs = 30_000;
const requestPollMs = 2_000;

/**
 * Starts a worker: takes its name, goes on with what it held before, then fills its slots.
 * @throws Conflict when a living worker has the name, or the home belongs to another installation.
 */
export async function startWorker(options: StartWorker): Promise<RunningWorker> {
  const { databaseUrl, log } = options;
  await mkdir(options.home, { recursive: true });
  const home = await realpath(options.home);
  await checkGitVersion(home);
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
  let facts = await probeHost(isolation);
  const jobs = await openWorkerJobs({ url: databaseUrl, workerName: options.name, log });
  const worker = await registerWorker({ ...options, db, home, facts });
  const context: WorkerContext = {
    db,
    databaseUrl,
    jobs,
    home,
    installationId,
    worker,
    isolation,
    hasAgent: (agent) =>
      facts.agents.some(({ kind, problem }) => kind === agent && problem === null),
    confine: confineWith(isolation),
    environment: options.environment,
    log,
  };
  await emptyTrash(home, installationId);
  await offerSampleRepository(context);
  await askAgainAfterRestart(context);
  const regained = await regainRuns(context);
  if (regained > 0) log(`goes on with ${regained} run${regained === 1 ? "" : "s"}`);

  const driven: DrivenRuns = new Map();
  const sleeper = createSleeper();
  let isStopping = false;
  const beats = [
    repeat("heartbeat", beatMs, log, () => beatWorker(db, worker.id, facts)),
    repeat("probe", probeMs, log, async () => {
      facts = await probeHost(isolation);
    }),
    repeat("rescue", rescueMs, log, () => rescueRuns({ db, jobs, now: new Date() })),
    repeat("host requests", requestPollMs, log, () => answerHostRequests(context)),
  ];
  const requests = beats[3];
  const listener = await listen(databaseUrl, {
    [runQueuedChannel]: () => sleeper.wakeAll(),
    [hostRequestsChannel]: () => requests?.now(),
    [runControlChannel]: (runId) => driven.get(runId)?.askControl(),
  });
  const slots = Array.from({ length: options.slots }, () =>
    runSlot({
      fetch: () => fetchRunJob(jobs, options.name),
      carry: (job) => holdRun(context, driven, job),
      sleeper,
      isStopping: () => isStopping,
      log,
    }),
  );
  return {
    context,
    driven,
    stop: async () => {
      isStopping = true;
      for (const run of driven.values()) run.end("shutdown");
      sleeper.wakeAll();
      await Promise.all([...slots, ...beats.map((beat) => beat.stop())]);
      await signOffWorker(db, worker.id).catch((error: unknown) =>
        log(`could not sign off: ${describeError(error)}`),
      );
      await Promise.all([listener.end({ timeout: 1 }), jobs.close(), name.release()]);
      await db.$client.end();
    },
  };
}

/** After a lost connection what was notified meanwhile is gone: every listener is called once more. */
async function listen(url: string, channels: Record<string, (payload: string) => void>) {
  const listener = connectListener(url);
  for (const [channel, call] of Object.entries(channels)) {
    await listener.listen(channel, call, () => call(""));
  }
  return listener;
}
