import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { hasCode } from "@/server/agents/has-code";
import { probeIsolation } from "@/server/agents/probe-isolation";
import type { RunId } from "@/server/domain/ids";
import { cancelRun } from "@/server/runs/cancel-run";
import { readEvidence } from "@/server/runs/read-evidence";
import { startRun } from "@/server/runs/start-run";
import { openTrialInstallation, type TrialInstallation } from "./testing";

let trial: TrialInstallation;
let isContained: boolean;
beforeAll(async () => {
  trial = await openTrialInstallation();
  await trial.startWorker();
  isContained = (await probeIsolation()).isolation !== "none";
});
afterAll(async () => {
  await trial?.end();
});

/** Ignores INT and TERM; leaves a child, a daemon, and a daemon whose environment was wiped. */
const rude = (tag: string) => `
trap 'echo x > interrupted' INT
trap '' TERM HUP
sleep 1${tag} &
setsid sleep 2${tag} </dev/null >/dev/null 2>&1 &
( setsid env -i /bin/sh -c '(sleep 3${tag} &) ; exit 0' </dev/null >/dev/null 2>&1 & )
while :; do sleep 0.05; done`;

function findSleepers(tag: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      const argv = readArguments(pid);
      return argv[0] === "sleep" && argv[1]?.endsWith(tag);
    })
    .map(Number);
}

function readArguments(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "latin1").split("\0");
  } catch (error) {
    if (hasCode(error, "ENOENT", "ESRCH")) return [];
    throw error;
  }
}

async function startRude(name: string, timeoutSeconds?: number) {
  const tag = `${process.pid}${Date.now()}`.slice(-12);
  await trial.defineWorkflow(name, { command: rude(tag) });
  const input = { workflow: name, repository: "sample", message: "be rude", timeoutSeconds };
  const { runId } = await startRun(trial.context(), input);
  await trial.waitFor(runId, ({ status }) => status !== "queued" && status !== "preparing");
  while (findSleepers(tag).length < 3) await new Promise((resolve) => setTimeout(resolve, 10));
  return { runId, tag };
}

async function readStop(runId: RunId) {
  const events = await trial.eventsOf(runId);
  const stop = events.find(({ kind }) => kind === "agent_stopped");
  const steps = (stop?.data.steps ?? []) as { act: string; ms: number; wasHurried?: true }[];
  return { stop, steps, acts: steps.map(({ act }) => act) };
}

const allSteps = [
  "SIGINT to the agent's group",
  "SIGTERM to the agent's group",
  expect.stringMatching(/^SIGKILL to the/),
  "sweep by environment",
];

it("ends a rude agent by interrupt, SIGTERM and SIGKILL, and tells what each step took", async () => {
  const { runId, tag } = await startRude("rude");
  await cancelRun(trial.context(), { runId });
  const run = await trial.waitForEnd(runId);
  expect(run).toMatchObject({ status: "cancelled", endReason: "cancelled_by_operator" });
  if (isContained) expect(findSleepers(tag)).toEqual([]);
  const { stop, steps, acts } = await readStop(runId);
  expect(acts).toEqual(allSteps);
  expect(steps.every(({ ms }) => ms >= 0)).toBe(true);
  expect(stop?.data).toMatchObject({
    reason: "cancelled_by_operator",
    survivors: [],
    vouchedBy: isContained ? "pid namespace" : "sweep",
  });
  const evidence = await readEvidence(trial.database.db, { id: runId });
  expect(evidence).toMatchObject({ agreement: "agrees", cancel: { asks: 1 } });
  expect(evidence.moved).toMatchObject({ actor: "member:Tess", to: "cancelled" });
});

it("ends all of a rude agent at its time limit too", async () => {
  const { runId, tag } = await startRude("rude-late", 1);
  expect(await trial.waitForEnd(runId)).toMatchObject({ endReason: "timed_out" });
  if (isContained) expect(findSleepers(tag)).toEqual([]);
  expect((await readStop(runId)).acts).toEqual(allSteps);
});

it("takes the next step at once when cancel is asked again", async () => {
  const { runId } = await startRude("rude-forced");
  const context = trial.context();
  await cancelRun(context, { runId });
  const { workspacePath } = await trial.waitFor(runId, () => true);
  while (!existsSync(join(workspacePath ?? "", "interrupted"))) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await cancelRun(context, { runId });
  await cancelRun(context, { runId });
  await trial.waitForEnd(runId);
  const { steps, acts } = await readStop(runId);
  const asked = (await trial.eventsOf(runId)).filter(({ kind }) => kind === "cancel_asked");
  expect(asked).toHaveLength(3);
  expect(acts.at(-1)).toBe("sweep by environment");
  expect(steps.filter(({ wasHurried }) => wasHurried)).toHaveLength(2);
});

it("cuts the preparation short, and a queued run ends at once", async () => {
  await trial.defineWorkflow("idle", { command: "sleep 600" });
  const input = { workflow: "idle", repository: "sample", message: "wait" };
  const first = await startRun(trial.context(), input);
  await cancelRun(trial.context(), { runId: first.runId });
  const run = await trial.waitForEnd(first.runId);
  expect(run).toMatchObject({ status: "cancelled", cancelAsks: 1 });
});
