import { existsSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { readControl } from "@/server/agents/read-control";
import { forgeReboot } from "./forge-reboot";
import type { Victim } from "./list-cases";
import { listProcesses } from "./list-processes";
import type { Site } from "./site";
import type { Program } from "./start-program";

/** Long enough that whoever goes on meanwhile meets the outage. */
const outageMs = 1_500;

/**
 * Kills the victim as a fault would, without a farewell, and starts it again where somebody would.
 * `release` lets go on whoever holds at the point: after a restart, but in the middle of an outage.
 */
export async function strike(site: Site, victim: Victim, release: () => void): Promise<void> {
  if (victim === "worker") {
    await kill(site.worker);
    await site.startWorker();
  } else if (victim === "web") {
    await kill(site.web);
    await site.startWeb();
  } else if (victim === "keeper") {
    await killKeeper(site);
  } else if (victim === "postgres") {
    await site.lane.cluster.stopAtOnce();
    release();
    await delay(outageMs);
    await site.lane.cluster.start();
  } else {
    await killEverything(site);
    await site.lane.cluster.kill();
    await site.lane.cluster.start();
    if (victim === "reboot") await forgeReboot(site);
    await Promise.all([site.startWorker(), site.startWeb()]);
  }
  release();
}

async function kill(program: Program | null): Promise<void> {
  if (program && !program.isGone()) await program.kill("SIGKILL");
}

/** The keeper's own process and nothing else: what hangs on it must notice by itself. */
async function killKeeper(site: Site): Promise<void> {
  const keeper = await site.until("a keeper", async () => {
    const [run] = await site.runs();
    if (!run) return null;
    const folder = path.join(site.home, "attempts", run.id, String(run.attemptNumber));
    return existsSync(folder) ? readControl(folder).keeper : null;
  });
  process.kill(keeper.pid, "SIGKILL");
  await site.until("the keeper's death", () => !isRunning(keeper.pid));
}

/** Whatever of the case runs, until nothing of it does: also what was being started meanwhile. */
async function killEverything(site: Site): Promise<void> {
  for (;;) {
    const found = findProcesses(site);
    if (found.length === 0) return;
    for (const { pid } of found) killNow(pid);
    await delay(5);
  }
}

/** The living processes that carry the case's folder in their command or environment. */
export function findProcesses(site: Site) {
  return listProcesses().filter(
    ({ state, command, environment }) =>
      state !== "Z" &&
      (command.includes(site.folder) || environment.some((line) => line.includes(site.folder))),
  );
}

function isRunning(pid: number): boolean {
  return listProcesses().some((one) => one.pid === pid && one.state !== "Z");
}

function killNow(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
