import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { setSettings } from "@/server/cleanup/set-settings";
import { startRun } from "@/server/runs/start-run";
import { openTrialInstallation, type TrialInstallation, type TrialWorker } from "./testing";

/** Runs its arguments where a small disk of their own lies at $0, holding what lay there before. */
const onSmallDisk = `
  mount -t tmpfs -o size=48m tmpfs /mnt && cp -a "$0/." /mnt && mount --move /mnt "$0" && exec "$@"`;
const namespace = process.getuid?.() === 0 ? ["unshare", "-m"] : ["unshare", "-rm"];
const canMount = spawnSync("unshare", [...namespace.slice(1), "true"]).status === 0;

let trial: TrialInstallation;
let worker: TrialWorker;
beforeAll(async () => {
  trial = await openTrialInstallation();
  await setSettings(trial.context(), { minFreeBytes: 0 });
  const by = canMount ? [...namespace, "sh", "-c", onSmallDisk, trial.home] : [];
  worker = await trial.startWorker({ by });
});
afterAll(async () => {
  await trial?.end();
});

const start = async (workflow: string) =>
  (await startRun(trial.context(), { workflow, repository: "sample", message: "do it" })).runId;
/** The worker's disk, as only its processes see it. */
const seen = (path: string) => join("/proc", String(worker.pid), "root", path);

it.runIf(canMount)(
  "ends a run that fills the disk with that reason, keeps its workspace, and goes on once there is room",
  async () => {
    await trial.defineWorkflow("fills", {
      command: "echo work > work.txt; dd if=/dev/zero of=big bs=1M; echo unheard; exit 5",
    });
    await trial.defineWorkflow("fits", { command: "echo fits > fits.txt" });
    const run = await trial.waitForEnd(await start("fills"));
    expect(run).toMatchObject({ status: "failed", attemptNumber: 1 });
    expect(run.error).toContain("exit code 5");
    expect(run.error).toMatch(/No space left|diskspace|ENOSPC/);
    const workspace = run.workspacePath ?? "";
    expect(readdirSync(seen(workspace))).toEqual(expect.arrayContaining(["big", "work.txt"]));
    expect(existsSync(`/proc/${worker.pid}/fd`)).toBe(true);

    rmSync(seen(join(workspace, "big")));
    const next = await trial.waitForEnd(await start("fits"));
    expect(next).toMatchObject({ status: "succeeded", error: null, commits: 1 });
  },
);
