import { declareOverdueHosts } from "@/server/maintenance/declare-overdue-hosts";
import { moveOffLostHosts } from "@/server/workers/move-off-lost-host";
import type { WorkerContext } from "./context";
import { type Repetition, repeat } from "./repeat";

const everyMs = 15_000;
/** A longer pause than this was one in which nobody watched, e.g. a host that slept. */
const breakMs = 60_000;
const againEvery = 20;

/** Looks after the other hosts: declares the overdue ones lost where that is allowed, and moves runs off. */
export function watchHosts({ db, jobs, log }: WorkerContext): Repetition {
  let watchedSince = new Date();
  let lastLook = Date.now();
  let turn = 0;
  const repetition = repeat("lost hosts", everyMs, log, async () => {
    const now = new Date();
    if (now.getTime() - lastLook > breakMs) watchedSince = now;
    lastLook = now.getTime();
    for (const name of await declareOverdueHosts({ db, watchedSince, now })) {
      log(`the host of the worker ${name} is declared lost: it was silent for too long`);
    }
    // What this worker can take may wait for a host that was lost before it came.
    await moveOffLostHosts({ db, jobs, now, isAgain: turn % againEvery === 0 });
    turn += 1;
  });
  repetition.now();
  return repetition;
}
