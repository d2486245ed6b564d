import { execFileSync } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { attempts } from "@/db/schema";
import type { RunId } from "@/server/domain/ids";
import { startRun } from "@/server/runs/start-run";
import { openTrialInstallation, type TrialInstallation, type TrialWorker } from "./testing";

let trial: TrialInstallation;
let worker: TrialWorker;
beforeAll(async () => {
  trial = await openTrialInstallation();
  worker = await trial.startWorker({ slots: 2 });
});
afterAll(async () => {
  await trial?.end();
});

const start = async (workflow: string) =>
  (await startRun(trial.context(), { workflow, repository: "sample", message: "go" })).runId;

it("ends and begins no run by halves while no file can be opened, says why, and goes on with each afterwards", async () => {
  await trial.defineWorkflow("counting", {
    command: `seq 5; until [ -e ${trial.home}/enough ]; do sleep 0.05; done; seq 6 9`,
  });
  const running = await start("counting");
  await trial.waitFor(running, ({ status }) => status === "running");
  takeFiles();
  const later = await start("script");
  for (const runId of [running, later]) {
    await trial.waitFor(runId, () => isToldOf(runId));
    const alive = await trial.waitFor(runId, () => true);
    expect(alive).toMatchObject({ endReason: null, attemptNumber: 1 });
  }
  await worker.kill("SIGKILL");
  worker = await trial.startWorker({ slots: 2 });
  writeFileSync(join(trial.home, "enough"), "");
  for (const runId of [running, later]) {
    const run = await trial.waitForEnd(runId);
    expect(run).toMatchObject({ status: "succeeded", error: null, attemptNumber: 1 });
  }
  const [attempt] = await trial.database.db
    .select()
    .from(attempts)
    .where(eq(attempts.runId, running));
  if (!attempt) throw new Error("no attempt");
  expect((await trial.outputOf(attempt.id)).toString()).toBe("1\n2\n3\n4\n5\n6\n7\n8\n9\n");
});

const isToldOf = (runId: RunId) => new RegExp(`run ${runId}: .*EMFILE`).test(worker.log.join(""));

/** From now on the worker can open nothing more; what it has open stays open. */
function takeFiles(): void {
  const open = new Set(readdirSync(`/proc/${worker.pid}/fd`).map(Number));
  const firstFree = Array.from({ length: open.size + 1 }, (_, n) => n).find((n) => !open.has(n));
  execFileSync("prlimit", ["--pid", String(worker.pid), `--nofile=${firstFree}:`]);
}
