import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { asc, eq, sql } from "drizzle-orm";
import { afterEach, beforeEach, expect, it } from "vitest";
import {
  attempts,
  auditLog,
  leftWorkspaces,
  originCopies,
  repositories,
  workers,
} from "@/db/schema";
import type { RunId, SessionId } from "@/server/domain/ids";
import { keepAtOrigin } from "@/server/repositories/keep-at-origin";
import { cancelRun } from "@/server/runs/cancel-run";
import { continueSession } from "@/server/runs/continue-session";
import { readEvidence } from "@/server/runs/read-evidence";
import { startRun } from "@/server/runs/start-run";
import { declareHostLost } from "@/server/workers/declare-host-lost";
import { getWorker } from "@/server/workers/get-worker";
import { listRecoveryReports } from "@/server/workers/list-recovery-reports";
import { listWaiting } from "@/server/workers/list-waiting";
import { mirrorPath } from "@/server/workspaces/layout";
import { openTrialInstallation, type TrialInstallation, type TrialWorker } from "./testing";

let trial: TrialInstallation;
let one: TrialWorker;
let homeOfTwo: string;
beforeEach(async () => {
  trial = await openTrialInstallation();
  homeOfTwo = await mkdtemp(path.join(os.tmpdir(), "coppice-other-host-"));
  one = await trial.startWorker({ name: "one" });
  await trial.defineWorkflow("writer", {
    command:
      'echo "$COPPICE_MESSAGE" >> log; git add log; git commit -qm "$COPPICE_MESSAGE"; pwd; cat log',
  });
  await trial.defineWorkflow("slow", {
    command: `echo half > half.txt; if mkdir ${trial.home}/once; then sleep 600; fi; echo done > done.txt`,
  });
});
afterEach(async () => {
  await trial?.end();
  await rm(homeOfTwo, { recursive: true, force: true });
});

const startTwo = () => trial.startWorker({ name: "two", home: homeOfTwo });
const evidenceOf = (id: RunId) => readEvidence(trial.database.db, { id });
const lose = (reason = "its disk burned") =>
  declareHostLost(trial.context(), { name: "one", reason });

async function start(workflow: string, message = "first"): Promise<RunId> {
  return (await startRun(trial.context(), { workflow, repository: "sample", message })).runId;
}

async function goOn(sessionId: SessionId, message: string): Promise<RunId> {
  return (await continueSession(trial.context(), { sessionId, message })).runId;
}

async function until<Answer>(ask: () => Promise<Answer>, isSo: (answer: Answer) => boolean) {
  for (;;) {
    const answer = await ask();
    if (isSo(answer)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Nobody has heard of it for a minute: as if the time had passed. */
async function silence(name: string) {
  await trial.database.db
    .update(workers)
    .set({ heartbeatAt: sql`now() - interval '1 minute'` })
    .where(eq(workers.name, name));
}

async function killOne() {
  await one.kill("SIGKILL");
  await silence("one");
}

const attemptsOf = (id: RunId) =>
  trial.database.db
    .select()
    .from(attempts)
    .where(eq(attempts.runId, id))
    .orderBy(asc(attempts.number));

it("is refused while the worker is alive, and audited when it is not", async () => {
  await expect(lose()).rejects.toThrow(/is alive/);
  await killOne();
  expect(await lose()).toEqual({ moved: 0, waiting: 0, ended: 0 });
  await expect(lose()).rejects.toThrow(/already/);
  const worker = await getWorker(trial.database.db, { name: "one" });
  expect(worker).toMatchObject({
    state: "lost",
    isAlive: false,
    lost: { by: "member:Tess", reason: "its disk burned" },
  });
  const audited = await trial.database.db
    .select()
    .from(auditLog)
    .where(eq(auditLog.action, "worker.declared_lost"));
  expect(audited).toMatchObject([{ target: "worker:one", facts: { reason: "its disk burned" } }]);
});

it("gives a held run to another host, and keeps what lay on the lost one when that is back", async () => {
  const runId = await start("slow");
  const before = await trial.waitFor(runId, ({ status }) => status === "running");
  while (!existsSync(path.join(before.workspacePath ?? "", "half.txt"))) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await startTwo();
  await killOne();
  expect(await lose()).toEqual({ moved: 1, waiting: 0, ended: 0 });
  const queued = await trial.waitFor(runId, ({ fence }) => fence > before.fence);
  expect(queued.workerId).not.toBe(before.workerId);
  const unproved = await evidenceOf(runId);
  expect(unproved.notProvedDead).toMatchObject([{ attempt: 1, worker: "one", pid: before.pid }]);

  const run = await trial.waitForEnd(runId);
  expect(run).toMatchObject({
    status: "succeeded",
    attemptNumber: 2,
    baseCommit: before.baseCommit,
  });
  expect(run.workspacePath?.startsWith(homeOfTwo)).toBe(true);
  expect((await attemptsOf(runId)).map(({ endReason }) => endReason)).toEqual([
    "host_lost",
    "completed",
  ]);
  const told = (await trial.eventsOf(runId)).map(({ data }) => data.text).join("\n");
  expect(told).toContain("was declared lost: its disk burned");
  expect(told).toContain("is not proved");
  expect(await evidenceOf(runId)).toMatchObject({ agreement: "stale" });

  const back = await trial.startWorker({ name: "one" });
  await until(
    () => getWorker(trial.database.db, { name: "one" }),
    ({ state }) => state === "live",
  );
  const [left] = await trial.database.db.select().from(leftWorkspaces);
  expect(left?.problem).toBeNull();
  expect(left?.keptRefs?.map(({ name }) => name)).toEqual([`refs/coppice/snapshots/${runId}/1`]);
  const gitDir = mirrorPath(trial.home, run.repositoryId);
  const kept = execFileSync("git", [
    "--git-dir",
    gitDir,
    "show",
    `${left?.keptRefs?.[0]?.sha}:half.txt`,
  ]);
  expect(kept.toString()).toBe("half\n");
  expect(existsSync(before.workspacePath ?? "")).toBe(false);
  expect(existsSync(path.join(left?.path ?? "", "half.txt"))).toBe(true);
  expect(existsSync(`/proc/${before.pid}`)).toBe(false);
  const { items } = await listRecoveryReports(trial.database.db, { worker: "one" });
  expect(items[0]?.entries).toMatchObject([{ runId, attempt: 1, outcome: "superseded" }]);
  expect(back.log.join("")).toContain("it takes runs again");
  expect(await evidenceOf(runId)).toMatchObject({ agreement: "agrees", notProvedDead: [] });
}, 60_000);

it("lets a session wait for the host that alone has its work, says so, and goes on when it is back", async () => {
  const first = await trial.waitForEnd(await start("writer", "one"));
  await killOne();
  const runId = await goOn(first.sessionId, "two");
  await startTwo();
  expect(await lose()).toEqual({ moved: 0, waiting: 1, ended: 0 });
  expect(await trial.waitFor(runId, () => true)).toMatchObject({
    status: "queued",
    waitReason: "host_lost",
  });
  const sentence = `the session's work (${first.headCommit?.slice(0, 12)}) lies there alone, because sample does not keep its work at the origin`;
  expect((await evidenceOf(runId)).sentence).toContain(sentence);
  const { items } = await listWaiting(trial.database.db, { name: "one" });
  expect(items).toMatchObject([{ runId, sentence: expect.stringContaining(sentence) }]);

  await trial.startWorker({ name: "one" });
  const run = await trial.waitForEnd(runId);
  expect(run).toMatchObject({ status: "succeeded", workspacePath: first.workspacePath });
  expect(await readFile(path.join(run.workspacePath ?? "", "log"), "utf8")).toBe("one\ntwo\n");
}, 60_000);

it("goes on with a session on another host from what was kept at the origin", async () => {
  await keepAtOrigin(trial.context(), { name: "sample", isKept: true });
  const first = await trial.waitForEnd(await start("writer", "one"));
  const [copy] = await until(
    () => trial.database.db.select().from(originCopies),
    ([row]) => row?.pushedAt !== null && row?.pushedAt !== undefined,
  );
  expect(copy).toMatchObject({ runId: first.id, headCommit: first.headCommit, problem: null });
  const [{ origin } = { origin: "" }] = await trial.database.db.select().from(repositories);
  const ref = `refs/coppice/runs/${first.id}/head`;
  expect(execFileSync("git", ["-C", origin, "rev-parse", ref]).toString().trim()).toBe(
    first.headCommit,
  );
  await killOne();
  const runId = await goOn(first.sessionId, "two");
  // Before there is another worker of this machine, a folder cannot be read by anybody else.
  expect(await lose()).toEqual({ moved: 0, waiting: 1, ended: 0 });
  expect((await evidenceOf(runId)).sentence).toContain("is a folder of that host");
  await startTwo();
  const run = await trial.waitForEnd(runId);
  expect(run).toMatchObject({ status: "succeeded", baseCommit: first.headCommit, commits: 1 });
  expect(run.workspacePath?.startsWith(homeOfTwo)).toBe(true);
  expect(await readFile(path.join(run.workspacePath ?? "", "log"), "utf8")).toBe("one\ntwo\n");
}, 60_000);

it("ends a run whose cancel was asked before its host was lost", async () => {
  const runId = await start("slow");
  await trial.waitFor(runId, ({ status }) => status === "running");
  await killOne();
  await cancelRun(trial.context(), { runId });
  expect(await lose()).toEqual({ moved: 0, waiting: 0, ended: 1 });
  const run = await trial.waitForEnd(runId);
  expect(run).toMatchObject({ status: "cancelled", endReason: "cancelled_by_operator" });
  expect((await evidenceOf(runId)).notProvedDead).toHaveLength(1);
}, 60_000);

it("has a worker that was only cut off end its agent and write no more", async () => {
  const runId = await start("slow");
  const before = await trial.waitFor(runId, ({ status }) => status === "running");
  await startTwo();
  process.kill(one.pid, "SIGSTOP");
  try {
    await silence("one");
    expect(await lose()).toMatchObject({ moved: 1 });
  } finally {
    process.kill(one.pid, "SIGCONT");
  }
  await until(
    () => getWorker(trial.database.db, { name: "one" }),
    ({ state }) => state === "live",
  );
  expect(existsSync(`/proc/${before.pid}`)).toBe(false);
  const [left] = await trial.database.db.select().from(leftWorkspaces);
  expect(left?.settledAt).not.toBeNull();
  const [first] = await attemptsOf(runId);
  expect(first).toMatchObject({ endReason: "host_lost", exitCode: null });
}, 60_000);
