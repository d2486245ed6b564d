import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { afterEach, beforeEach, expect, it } from "vitest";
import { attempts, runs } from "@/db/schema";
import { startRun } from "@/server/runs/start-run";
import { openTrialInstallation, type TrialInstallation, type TrialWorker } from "./testing";

let trial: TrialInstallation;
let worker: TrialWorker;
beforeEach(async () => {
  trial = await openTrialInstallation();
  worker = await trial.startWorker();
});
afterEach(async () => {
  await trial?.end();
});

async function start(workflow: string) {
  const input = { workflow, repository: "sample", message: "do it" };
  return (await startRun(trial.context(), input)).runId;
}

async function waitForText(path: string, text: string): Promise<void> {
  while (!(existsSync(path) && readFileSync(path, "utf8").includes(text))) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

async function attemptsOf(runId: Awaited<ReturnType<typeof start>>) {
  return trial.database.db.select().from(attempts).where(eq(attempts.runId, runId));
}

it("goes on with the same agent process after the worker was killed, losing and doubling no byte", async () => {
  const lines = 40;
  await trial.defineWorkflow("counting", {
    command: `for i in $(seq 1 ${lines}); do echo line $i; sleep 0.05; done; echo kept > kept.txt`,
  });
  const runId = await start("counting");
  const before = await trial.waitFor(runId, ({ status }) => status === "running");
  const [begun] = await attemptsOf(runId);
  if (!begun) throw new Error("no attempt");
  const spool = join(begun.controlPath, "output");
  const deadline = performance.now() + 10_000;
  while (readFileSync(spool, "utf8").split("\n").length < 6 && performance.now() < deadline) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  await worker.kill("SIGKILL");
  expect(existsSync(`/proc/${before.pid}`)).toBe(true);
  await trial.startWorker();
  const run = await trial.waitForEnd(runId);

  expect(run).toMatchObject({ status: "succeeded", pid: before.pid, attemptNumber: 1, commits: 1 });
  expect(run.fence).toBeGreaterThan(before.fence);
  const found = await attemptsOf(runId);
  expect(found).toHaveLength(1);
  const stored = await trial.outputOf(begun.id);
  const expected = Array.from({ length: lines }, (_, index) => `line ${index + 1}\n`).join("");
  expect(stored.toString()).toBe(expected);
  expect(sha256(stored)).toBe(sha256(readFileSync(spool)));
});

it("uses the exit of an agent that ended while no worker was alive", async () => {
  await trial.defineWorkflow("short", { command: "echo begun; sleep 0.5; echo done; exit 4" });
  const runId = await start("short");
  await trial.waitFor(runId, ({ status }) => status === "running");
  const [begun] = await attemptsOf(runId);
  await waitForText(join(begun?.controlPath ?? "", "output"), "begun");
  await worker.kill("SIGKILL");
  const exit = join(begun?.controlPath ?? "", "exit");
  while (!existsSync(exit)) await new Promise((resolve) => setTimeout(resolve, 10));
  await trial.startWorker();
  const run = await trial.waitForEnd(runId);
  expect(run).toMatchObject({ status: "failed", endReason: "command_failed", attemptNumber: 1 });
});

it("finds the workspace through the run alone for the snapshot after the worker was replaced", async () => {
  await trial.defineWorkflow("writer", { command: "echo work > work.txt; sleep 1" });
  const runId = await start("writer");
  await trial.waitFor(runId, ({ status }) => status === "running");
  await worker.kill("SIGKILL");
  await trial.startWorker();
  const run = await trial.waitForEnd(runId);
  expect(run).toMatchObject({ status: "succeeded", error: null, commits: 1, filesChanged: 1 });
});

it("leaves agents alone on a planned stop, and spends no attempt", async () => {
  await trial.defineWorkflow("steady", { command: "sleep 1.5; echo end" });
  const runId = await start("steady");
  const before = await trial.waitFor(runId, ({ status }) => status === "running");
  await worker.kill("SIGTERM");
  expect(existsSync(`/proc/${before.pid}`)).toBe(true);
  const between = await trial.waitFor(runId, () => true);
  expect(between.status).toBe("running");
  await trial.startWorker();
  const run = await trial.waitForEnd(runId);
  expect(run).toMatchObject({ status: "succeeded", pid: before.pid, attemptNumber: 1 });
});

it("makes a second attempt when the keeper was killed with its agent, and keeps the work", async () => {
  await trial.defineWorkflow("fragile", {
    command:
      "if [ -e one.txt ]; then echo again > two.txt; else echo first > one.txt; sleep 300; fi",
  });
  const runId = await start("fragile");
  const before = await trial.waitFor(runId, ({ status }) => status === "running");
  const [begun] = await attemptsOf(runId);
  while (!existsSync(join(before.workspacePath ?? "", "one.txt"))) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  process.kill(begun?.keeperPid ?? 0, "SIGKILL");
  const run = await trial.waitForEnd(runId);
  expect(run).toMatchObject({ status: "succeeded", attemptNumber: 2, filesChanged: 2 });
  expect(existsSync(`/proc/${before.pid}`)).toBe(false);
  const ends = (await attemptsOf(runId)).map(({ endReason }) => endReason);
  expect(ends.sort()).toEqual(["completed", "worker_lost"]);
});

it("writes no more once another claim holds the run", async () => {
  await trial.defineWorkflow("taken", { command: "sleep 0.3; echo late; sleep 1" });
  const runId = await start("taken");
  const before = await trial.waitFor(runId, ({ status }) => status === "running");
  await trial.database.db
    .update(runs)
    .set({ fence: before.fence + 1 })
    .where(eq(runs.id, runId));
  while (!worker.log.join("").includes("another claim holds it")) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const [attempt] = await attemptsOf(runId);
  expect(attempt?.outputBytes).toBe(0);
});

it.each(["claimed", "with its keeper started"])(
  "goes on with an attempt whose worker was killed while preparing it, %s",
  async (when) => {
    await trial.defineWorkflow("once", { command: "echo begun >> begun.txt; sleep 0.2" });
    const runId = await start("once");
    await trial.waitFor(runId, ({ status }) => status !== "queued");
    const [begun] = await attemptsOf(runId);
    const keeper = join(begun?.controlPath ?? "", "keeper");
    while (when !== "claimed" && !existsSync(keeper)) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    await worker.kill("SIGKILL");
    await trial.startWorker();
    const run = await trial.waitForEnd(runId);
    expect(run).toMatchObject({ status: "succeeded", error: null, attemptNumber: 1, commits: 1 });
    const written = readFileSync(join(run.workspacePath ?? "", "begun.txt"), "utf8");
    expect(written).toBe("begun\n");
    const events = await trial.eventsOf(runId);
    const begins = events.filter(({ data }) => data.to === "running");
    expect(begins).toHaveLength(1);
  },
);
