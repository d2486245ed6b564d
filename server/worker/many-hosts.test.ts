import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { repositories } from "@/db/schema";
import type { RunId } from "@/server/domain/ids";
import { readEvidence } from "@/server/runs/read-evidence";
import { startRun } from "@/server/runs/start-run";
import { drainWorker } from "@/server/workers/drain-worker";
import { getWorker } from "@/server/workers/get-worker";
import { listRecoveryReports } from "@/server/workers/list-recovery-reports";
import { setCapacity } from "@/server/workers/set-capacity";
import { undrainWorker } from "@/server/workers/undrain-worker";
import { openTrialInstallation, type TrialInstallation } from "./testing";

let trial: TrialInstallation;
let otherHome: string;
beforeEach(async () => {
  trial = await openTrialInstallation();
  otherHome = await mkdtemp(path.join(os.tmpdir(), "coppice-other-host-"));
});
afterEach(async () => {
  await trial?.end();
  await rm(otherHome, { recursive: true, force: true });
});

/** The sample repository is a folder of its first worker's host; here every host reaches it. */
async function shareRepository() {
  await trial.database.db.update(repositories).set({ workerId: null });
}

async function start(workflow: string): Promise<RunId> {
  const input = { workflow, repository: "sample", message: "do it" };
  return (await startRun(trial.context(), input)).runId;
}

async function until<Answer>(ask: () => Promise<Answer>, isSo: (answer: Answer) => boolean) {
  for (;;) {
    const answer = await ask();
    if (isSo(answer)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A figure for the log of the tests: nothing is asserted about time. */
function tell(what: string, sinceMs: number, untilMs = Date.now()): void {
  console.info(`figure: ${what}: ${((untilMs - sinceMs) / 1000).toFixed(1)} s`);
}

const stateOf = async (name: string) => (await getWorker(trial.database.db, { name })).state;
const evidenceOf = (id: RunId) => readEvidence(trial.database.db, { id });

it("notices a dead worker, has others take up its waiting work, and adopts its agents when it is back", async () => {
  const first = await trial.startWorker({ name: "one", slots: 1 });
  await shareRepository();
  await trial.defineWorkflow("long", {
    command: "echo up; while [ ! -e stop ]; do sleep 0.1; done",
  });
  const held = await start("long");
  const { fence } = await trial.waitFor(held, ({ status }) => status === "running");
  const waiting = await start("script");
  await first.kill("SIGKILL");
  const killedAt = Date.now();
  await trial.startWorker({ name: "two", home: otherHome });

  const done = await trial.waitForEnd(waiting);
  tell("waiting work of a dead worker taken up", killedAt, done.startedAt?.getTime());
  expect(done).toMatchObject({ status: "succeeded" });
  expect(done.workspacePath?.startsWith(otherHome)).toBe(true);
  await until(
    () => stateOf("one"),
    (state) => state === "stalled",
  );
  tell("dead worker noticed", killedAt);
  const away = await evidenceOf(held);
  expect(away).toMatchObject({ agreement: "stale", status: "running" });
  expect(away.sentence).toContain("Worker reconnecting");

  const startedAt = Date.now();
  const heldAgain = trial.waitFor(held, (run) => run.fence > fence);
  await trial.startWorker({ name: "one", slots: 1 });
  await heldAgain;
  tell("agent of a dead worker held again by a new one", startedAt);
  const back = await until(
    () => evidenceOf(held),
    ({ agreement }) => agreement === "agrees",
  );
  expect(back.processes).toMatchObject({ isAgentAlive: true, isDriven: true });
  const { items } = await listRecoveryReports(trial.database.db, { worker: "one" });
  expect(items[0]).toMatchObject({ before: "vanished", isHostRestarted: false });
  expect(items[0]?.entries).toMatchObject([{ runId: held, attempt: 1, outcome: "adopted" }]);
  expect(items[1]).toMatchObject({ before: "none", entries: [] });
}, 90_000);

it("ends none of ten agents when a new version is deployed, and reports them all as adopted", async () => {
  const before = await trial.startWorker({ name: "one", slots: 10 });
  await trial.defineWorkflow("steady", {
    command: 'echo up > "$COPPICE_RUN_ID"; while [ ! -e stop ]; do sleep 0.2; done; echo end',
  });
  const ids = await Promise.all(Array.from({ length: 10 }, () => start("steady")));
  const held = await Promise.all(
    ids.map((id) => trial.waitFor(id, ({ status }) => status === "running")),
  );
  await before.kill("SIGTERM");
  for (const { pid } of held) expect(existsSync(`/proc/${pid}`)).toBe(true);
  // Fewer slots than agents: all are followed all the same.
  const after = await trial.startWorker({ name: "one", slots: 2 });
  for (const { id, pid, fence } of held) {
    const again = await trial.waitFor(id, (run) => run.fence > fence);
    expect(again).toMatchObject({ status: "running", pid, attemptNumber: 1, attemptsSpent: 0 });
  }
  const { items } = await listRecoveryReports(trial.database.db, { worker: "one" });
  expect(items[0]).toMatchObject({ before: "stopped" });
  expect(items[0]?.entries.map(({ outcome }) => outcome)).toEqual(Array(10).fill("adopted"));
  expect(after.log.join("")).toContain("recovery: run #");
  for (const { workspacePath } of held) {
    await writeFile(path.join(workspacePath ?? "", "stop"), "");
  }
  const ended = await Promise.all(ids.map((id) => trial.waitForEnd(id)));
  expect(ended.map(({ status }) => status)).toEqual(Array(10).fill("succeeded"));
}, 90_000);

it("takes no new run while it is drained, goes on with its agents, and takes runs again", async () => {
  await trial.startWorker({ name: "one", slots: 1 });
  await trial.defineWorkflow("steady", { command: "while [ ! -e stop ]; do sleep 0.1; done" });
  const held = await start("steady");
  const run = await trial.waitFor(held, ({ status }) => status === "running");
  await drainWorker(trial.context(), { name: "one", reason: "an upgrade" });
  expect(await stateOf("one")).toBe("draining");
  const waiting = await start("script");

  await writeFile(path.join(run.workspacePath ?? "", "stop"), "");
  expect(await trial.waitForEnd(held)).toMatchObject({ status: "succeeded" });
  await until(
    () => stateOf("one"),
    (state) => state === "drained",
  );
  expect((await trial.waitFor(waiting, () => true)).status).toBe("queued");
  await undrainWorker(trial.context(), { name: "one" });
  expect(await trial.waitForEnd(waiting)).toMatchObject({ status: "succeeded" });
}, 60_000);

it("carries more runs at once as soon as an admin allows it", async () => {
  await trial.startWorker({ name: "one", slots: 1 });
  await trial.defineWorkflow("steady", { command: "while [ ! -e stop ]; do sleep 0.1; done" });
  const ids = [await start("steady"), await start("steady"), await start("steady")];
  await until(
    () => getWorker(trial.database.db, { name: "one" }),
    ({ held }) => held === 1,
  );
  await setCapacity(trial.context(), { name: "one", capacity: 3 });
  for (const id of ids) await trial.waitFor(id, ({ status }) => status === "running");
  expect(await getWorker(trial.database.db, { name: "one" })).toMatchObject({
    slots: 3,
    capacity: 3,
    startedWithSlots: 1,
    held: 3,
  });
}, 60_000);
