import { connectListener } from "@/db/client";
import { describeError } from "@/server/domain/errors";
import { hostRequestsChannel } from "@/server/host-requests/ask-host";
import { fetchRunJob } from "@/server/jobs/held-job";
import { sharedQueue } from "@/server/jobs/queues";
import { runQueuedChannel } from "@/server/jobs/send-run-job";
import { createSleeper } from "@/server/jobs/sleeper";
import { runSlot } from "@/server/jobs/slot-loop";
import { measureWorkspaces } from "@/server/maintenance/measure-workspaces";
import { packMirrors } from "@/server/maintenance/pack-mirrors";
import { refillPool } from "@/server/maintenance/refill-pool";
import { rescueRuns } from "@/server/maintenance/rescue-runs";
import { runControlChannel } from "@/server/runs/cancel-run";
import { emptyTrash } from "@/server/workspaces/remove-workspace";
import { answerHostRequests, askAgainAfterRestart } from "./answer-host-requests";
import { type DrivenRuns, holdRun } from "./hold-run";
import { offerSampleRepository } from "./offer-sample-repository";
import { type OpenedWorker, openWorker, type StartWorker } from "./open-worker";
import { probeHost } from "./probe-host";
import { regainRuns } from "./regain-runs";
import { beatWorker, signOffWorker } from "./register-worker";
import { type Repetition, repeat } from "./repeat";

export interface RunningWorker {
  /** Stops taking runs and hands over what it holds; agents go on. */
  stop(): Promise<void>;
}

const beatMs = 5_000;
const probeMs = 30_000;
const rescueMs = 30_000;
const requestPollMs = 2_000;
const measureMs = 15_000;
const poolMs = 1_000;
const packMs = 6 * 3600 * 1000;

/**
 * Starts a worker: takes its name, goes on with what it held before, then fills its slots.
 * @throws Conflict when a living worker has the name, or the home belongs to another installation.
 */
export async function startWorker(options: StartWorker): Promise<RunningWorker> {
  const { log } = options;
  const opened = await openWorker(options);
  const { context } = opened;
  const { db, home } = context;
  await emptyTrash(home, context.installationId);
  await offerSampleRepository(context);
  await askAgainAfterRestart(context);
  const regained = await regainRuns(context);
  if (regained > 0) log(`goes on with ${regained} run${regained === 1 ? "" : "s"}`);

  const driven: DrivenRuns = new Map();
  const sleeper = createSleeper();
  let isSharedFilled = false;
  const requests = repeat("host requests", requestPollMs, log, () => answerHostRequests(context));
  const pool = repeat("refilling the pool", poolMs, log, async () => {
    if (driven.size === 0) await refillPool(home, context.poolWishes.values());
  });
  const duties = [requests, pool, ...repeatDuties(opened, driven, log)];
  const listener = await listen(options.databaseUrl, {
    [runQueuedChannel]: (queue) => {
      isSharedFilled = queue === sharedQueue;
      sleeper.wakeOne();
    },
    [hostRequestsChannel]: () => requests.now(),
    [runControlChannel]: (runId) => driven.get(runId)?.askControl(),
  });
  let isStopping = false;
  const slots = Array.from({ length: options.slots }, () =>
    runSlot({
      fetch: () => {
        const isSharedFirst = isSharedFilled;
        isSharedFilled = false;
        return fetchRunJob(context.jobs, options.name, isSharedFirst);
      },
      carry: async (job) => {
        await holdRun(context, driven, job);
        pool.now(); // what the run took is made again while there is nothing else to do
      },
      sleeper,
      isStopping: () => isStopping,
      log,
    }),
  );
  return {
    stop: async () => {
      isStopping = true;
      for (const run of driven.values()) run.end("shutdown");
      sleeper.wakeAll();
      await Promise.all([...slots, ...duties.map((duty) => duty.stop())]);
      await signOffWorker(db, context.worker.id).catch((error: unknown) =>
        log(`could not sign off: ${describeError(error)}`),
      );
      await listener.end({ timeout: 1 });
      await opened.close();
    },
  };
}

/** What a worker does besides its runs. */
function repeatDuties(
  { context, facts }: OpenedWorker,
  driven: DrivenRuns,
  log: StartWorker["log"],
): Repetition[] {
  const { db, jobs, home, worker } = context;
  return [
    repeat("heartbeat", beatMs, log, () => beatWorker(db, worker.id, facts.current)),
    repeat("probe", probeMs, log, async () => {
      facts.current = await probeHost(context.isolation);
    }),
    repeat("rescue", rescueMs, log, () => rescueRuns({ db, jobs, now: new Date() })),
    repeat("measuring workspaces", measureMs, log, () =>
      measureWorkspaces({ db, home, workerId: worker.id }),
    ),
    repeat("packing mirrors", packMs, log, async () => {
      if (driven.size === 0) await packMirrors({ db, home, workerId: worker.id });
    }),
  ];
}

/** After a lost connection what was notified meanwhile is gone: every listener is called once more. */
async function listen(url: string, channels: Record<string, (payload: string) => void>) {
  const listener = connectListener(url);
  for (const [channel, call] of Object.entries(channels)) {
    await listener.listen(channel, call, () => call(""));
  }
  return listener;
}
