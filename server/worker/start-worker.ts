import { connectListener } from "@/db/client";
import { emptyControlTrash } from "@/server/agents/remove-control-folder";
import { cleanupChannel } from "@/server/cleanup/insert-cleanup";
import { deliveriesChannel } from "@/server/delivery/plan-delivery";
import { describeError } from "@/server/domain/errors";
import { hostRequestsChannel } from "@/server/host-requests/ask-host";
import { fetchRunJob } from "@/server/jobs/held-job";
import { sharedQueue } from "@/server/jobs/queues";
import { runQueuedChannel } from "@/server/jobs/send-run-job";
import { createSleeper } from "@/server/jobs/sleeper";
import { measureWorkspaces } from "@/server/maintenance/measure-workspaces";
import { packMirrors } from "@/server/maintenance/pack-mirrors";
import { refillPool } from "@/server/maintenance/refill-pool";
import { rescueRuns } from "@/server/maintenance/rescue-runs";
import { runControlChannel } from "@/server/runs/cancel-run";
import { workerControlChannel } from "@/server/workers/find-worker";
import { discardHalfMadeMirrors } from "@/server/workspaces/discard-half-made-mirrors";
import { emptyTrash } from "@/server/workspaces/remove-workspace";
import { answerHostRequests, askAgainAfterRestart } from "./answer-host-requests";
import { carryOutItems } from "./cleanup/carry-out-items";
import { copyToOrigin } from "./copy-to-origin";
import { repeatDeliveries } from "./delivery/repeat-deliveries";
import { type DrivenRuns, holdRun } from "./hold-run";
import { offerSampleRepository } from "./offer-sample-repository";
import { openRecoveryReport } from "./open-recovery-report";
import { type OpenedWorker, openWorker, type StartWorker } from "./open-worker";
import { probeHost } from "./probe-host";
import { recordEvidence } from "./record-evidence";
import { regainRuns } from "./regain-runs";
import { signOffWorker } from "./register-worker";
import { type Repetition, repeat } from "./repeat";
import { allowanceOf, repeatBeat } from "./repeat-beat";
import { repeatDoctor } from "./repeat-doctor";
import { repeatFollowing } from "./repeat-following";
import { repeatRecovery } from "./repeat-recovery";
import { openSlots } from "./slots";
import { watchHosts } from "./watch-hosts";

export interface RunningWorker {
  /** Stops taking runs and hands over what it holds; agents go on. */
  stop(): Promise<void>;
}

const evidenceMs = 5_000;
const originMs = 5_000;
const probeMs = 30_000;
const rescueMs = 30_000;
const requestPollMs = 2_000;
const measureMs = 15_000;
const poolMs = 1_000;
const packMs = 6 * 3600 * 1000;
const cleanupMs = 30_000;
const diskMs = 5_000;

/**
 * Starts a worker: takes its name, goes on with what it held before, then fills its slots.
 * @throws Conflict when a living worker has the name, or the home belongs to another installation.
 */
export async function startWorker(options: StartWorker): Promise<RunningWorker> {
  const { log } = options;
  const opened = await openWorker(options);
  const { context } = opened;
  const { db, home } = context;
  await discardHalfMadeMirrors(home, context.installationId);
  const { reportId, lines } = await openRecoveryReport(context, opened.registered.predecessor);
  for (const line of lines) log(line);
  const regained = opened.registered.wishes.isLost ? 0 : await regainRuns(context);
  if (regained > 0) log(`goes on with ${regained} run${regained === 1 ? "" : "s"}`);

  const driven: DrivenRuns = new Map();
  const sleeper = createSleeper();
  let isSharedFilled = false;
  let isStopping = false;
  let areFoldersInOrder = false;
  const requests = repeat("host requests", requestPollMs, log, async () => {
    if (areFoldersInOrder) await answerHostRequests(context);
  });
  const pool = repeat("refilling the pool", poolMs, log, async () => {
    if (driven.size === 0 && !context.disk.findShortage())
      await refillPool(home, context.poolWishes.values());
  });
  const cleanup = repeat("cleanup", cleanupMs, log, async () => {
    if (areFoldersInOrder) await carryOutItems(context, () => isStopping);
  });
  const slots = openSlots({
    allowance: allowanceOf(opened.registered.wishes, options.slots),
    fetch: (isNewWelcome) => {
      const isSharedFirst = isSharedFilled && isNewWelcome;
      isSharedFilled = false;
      return fetchRunJob(context.jobs, options.name, isSharedFirst, !isNewWelcome);
    },
    carry: async (job) => {
      await holdRun(context, driven, job);
      pool.now(); // what the run took is made again while there is nothing else to do
    },
    followed: () => driven.size,
    sleeper,
    log,
  });
  opened.intake.findRefusal = slots.findRefusal;
  const slotCount = options.slots;
  const { beat, settle } = repeatBeat({ opened, driven, slots, slotCount, reportId });
  const deliveries = repeatDeliveries(context);
  const own = [requests, pool, cleanup, deliveries, beat, settle];
  const duties = [...own, ...repeatDuties(opened, driven, log)];
  const listener = await listen(options.databaseUrl, {
    [runQueuedChannel]: (queue) => {
      isSharedFilled = queue === sharedQueue;
      sleeper.wakeOne();
    },
    [hostRequestsChannel]: () => requests.now(),
    [cleanupChannel]: () => cleanup.now(),
    [deliveriesChannel]: () => deliveries.now(),
    [runControlChannel]: (runId) => driven.get(runId)?.askControl(),
    [workerControlChannel]: (name) => {
      if (name === options.name || name === "") beat.now();
    },
  });
  await putFoldersInOrder(context);
  areFoldersInOrder = true;
  cleanup.now();
  return {
    stop: async () => {
      isStopping = true;
      for (const run of driven.values()) run.end("shutdown");
      await Promise.all([slots.stop(), ...duties.map((duty) => duty.stop())]);
      await signOffWorker(db, context.worker.id).catch((error: unknown) =>
        log(`could not sign off: ${describeError(error)}`),
      );
      await listener.end({ timeout: 1 });
      await opened.close();
    },
  };
}

/** What can wait until the agents are followed again: it may take long. */
async function putFoldersInOrder(context: OpenedWorker["context"]): Promise<void> {
  await emptyTrash(context.home, context.installationId);
  await emptyControlTrash(context.home);
  await offerSampleRepository(context);
  await askAgainAfterRestart(context);
}

/** What a worker does besides its runs. */
function repeatDuties(
  { context, facts }: OpenedWorker,
  driven: DrivenRuns,
  log: StartWorker["log"],
): Repetition[] {
  const { db, jobs, home, worker } = context;
  return [
    repeat("evidence", evidenceMs, log, () => recordEvidence(context, driven)),
    repeatRecovery(context),
    watchHosts(context),
    repeat("keeping work at origins", originMs, log, () => copyToOrigin(context)),
    repeat("probe", probeMs, log, async () => {
      facts.current = await probeHost(context.isolation);
    }),
    repeatDoctor(context),
    repeat("watching the disk", diskMs, log, () => context.disk.refresh()),
    repeat("rescue", rescueMs, log, () => rescueRuns({ db, jobs, now: new Date() })),
    repeat("measuring workspaces", measureMs, log, () =>
      measureWorkspaces({ db, home, workerId: worker.id }),
    ),
    ...repeatFollowing(context),
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
