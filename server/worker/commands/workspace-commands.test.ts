import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { asc, eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { attempts, checkRounds, commandOutput, repositories, runCommands } from "@/db/schema";
import { limits } from "@/server/domain/limits";
import type { RepositorySettings } from "@/server/domain/workspace-commands";
import { changeRepository } from "@/server/repositories/change-repository";
import { cancelRun } from "@/server/runs/cancel-run";
import { continueSession } from "@/server/runs/continue-session";
import { startRun } from "@/server/runs/start-run";
import { removeWorkspace } from "@/server/workspace-records/remove-workspace";
import { openTrialInstallation, type TrialInstallation, type TrialWorker } from "../testing";

let trial: TrialInstallation;
let worker: TrialWorker;
beforeAll(async () => {
  trial = await openTrialInstallation();
  worker = await trial.startWorker({ slots: 6 });
});
afterAll(async () => {
  await trial?.end();
});

let made = 0;
/** A repository with settings of its own, and a workflow with this command. */
async function prepare(settings: Partial<RepositorySettings>, command = "echo work > work.txt") {
  const name = `commanded-${++made}`;
  const { db } = trial.database;
  const [sample] = await db.select().from(repositories).where(eq(repositories.name, "sample"));
  if (!sample) throw new Error("no sample repository");
  const origin = join(trial.home, name);
  execFileSync("git", ["clone", "-q", sample.origin, origin]);
  const { id: _id, ...like } = sample;
  await db.insert(repositories).values({ ...like, name, origin });
  await changeRepository(trial.context(), { name, ...settings });
  await trial.defineWorkflow(name, { command });
  return { origin, wish: { workflow: name, repository: name, message: "do it" } };
}

type RunId = Awaited<ReturnType<typeof startRun>>["runId"];

const commandsOf = (runId: RunId) =>
  trial.database.db
    .select()
    .from(runCommands)
    .where(eq(runCommands.runId, runId))
    .orderBy(asc(runCommands.plannedAt), asc(runCommands.position));

async function printed(id: (typeof runCommands.$inferSelect)["id"]): Promise<Buffer> {
  const rows = await trial.database.db
    .select()
    .from(commandOutput)
    .where(eq(commandOutput.commandId, id))
    .orderBy(asc(commandOutput.offset));
  return Buffer.concat(rows.map(({ bytes }) => bytes));
}

const carryOut = async (wish: Parameters<typeof startRun>[1]) =>
  trial.waitForEnd((await startRun(trial.context(), wish)).runId);
const script = (command: string, timeoutSeconds = 60) => ({ command, timeoutSeconds });
const check = (name: string, command: string, timeoutSeconds = 60) => ({
  name,
  command,
  timeoutSeconds,
});
const processesNamed = (args: string) =>
  execFileSync("ps", ["-eo", "args"])
    .toString()
    .split("\n")
    .filter((line) => line === args);

describe("before its agent", () => {
  it("a new workspace gets ignored files and its set-up, once, and says what was left out", async () => {
    const { origin, wish } = await prepare(
      {
        bringAlong: [".env", "cache/*", "plain.txt", "gone"],
        setUp: script("cat .env cache/a; echo installed > installed; echo ready $COPPICE_COMMAND"),
      },
      "cat .env installed; git status --short --ignored; cat installed",
    );
    writeFileSync(join(origin, ".git", "info", "exclude"), "");
    writeFileSync(join(origin, ".gitignore"), ".env\ncache/\ninstalled\n");
    execFileSync("git", ["-C", origin, "add", ".gitignore"]);
    execFileSync("git", [
      "-C",
      origin,
      "-c",
      "user.name=T",
      "-c",
      "user.email=t@t",
      "commit",
      "-qm",
      "Ignore",
    ]);
    writeFileSync(join(origin, ".env"), "KEY=brought\n");
    writeFileSync(join(origin, "plain.txt"), "not ignored\n");
    mkdirSync(join(origin, "cache"));
    writeFileSync(join(origin, "cache", "a"), "cached\n");
    symlinkSync("/etc/hostname", join(origin, "cache", "out"));
    const first = await carryOut(wish);
    expect(first).toMatchObject({ status: "succeeded", result: "installed", commits: 0 });
    const [brought, setUp] = await commandsOf(first.id);
    expect(brought).toMatchObject({ kind: "bring_along", state: "passed" });
    expect(brought?.note).toBe(
      "copied 2 files (19 B) and left out cache/out (it is a link that leads out), plain.txt (git does not ignore it there)",
    );
    expect(setUp).toMatchObject({ kind: "set_up", state: "passed", exitCode: 0 });
    if (!setUp) throw new Error("no set-up");
    expect((await printed(setUp.id)).toString()).toBe("KEY=brought\ncached\nready set_up\n");
    expect(existsSync(join(first.workspacePath ?? "", "cache", "out"))).toBe(false);
    const { sessionId } = first;
    const again = await continueSession(trial.context(), { sessionId, message: "on" });
    expect(await trial.waitForEnd(again.runId)).toMatchObject({ result: "installed" });
    expect(await commandsOf(again.runId)).toEqual([]);
  });

  it("a set-up that fails ends the run with its last words, and no agent is started", async () => {
    const { wish } = await prepare({ setUp: script("echo no network; exit 4") });
    const run = await carryOut(wish);
    expect(run).toMatchObject({ status: "failed", endReason: "setup_failed", pid: null });
    expect(run.error).toBe(
      "The set-up script failed with exit code 4. The end of its output:\nno network",
    );
    const events = await trial.eventsOf(run.id);
    expect(events.map(({ kind }) => kind)).toContain("set_up_ended");
    expect(events.map(({ kind }) => kind)).not.toContain("agent_started");
  });

  it("a set-up goes on when its worker is killed, and ends when the run is cancelled", async () => {
    const nap = `2000.${process.pid}`;
    const { origin, wish } = await prepare({
      setUp: script(`echo one; while [ ! -e ../../../go-on ]; do sleep 0.05; done; echo two`),
    });
    const { runId } = await startRun(trial.context(), wish);
    await vi.waitUntil(async () => (await commandsOf(runId))[0]?.outputBytes === 4, 20_000);
    await worker.kill("SIGKILL");
    worker = await trial.startWorker({ slots: 6 });
    writeFileSync(join(trial.home, "go-on"), "");
    const run = await trial.waitForEnd(runId);
    expect(run).toMatchObject({ status: "succeeded", verdict: "unverified", attemptNumber: 1 });
    const [setUp] = await commandsOf(runId);
    expect(setUp).toMatchObject({ state: "passed", tries: 1 });
    if (setUp) expect((await printed(setUp.id)).toString()).toBe("one\ntwo\n");
    expect(origin).toBeTruthy();

    const endless = await prepare({ setUp: script(`sleep ${nap}`) });
    const cancelled = await startRun(trial.context(), endless.wish);
    await vi.waitUntil(
      async () => (await commandsOf(cancelled.runId))[0]?.state === "running",
      20_000,
    );
    await cancelRun(trial.context(), { runId: cancelled.runId });
    expect(await trial.waitForEnd(cancelled.runId)).toMatchObject({ status: "cancelled" });
    expect(await commandsOf(cancelled.runId)).toMatchObject([{ state: "cancelled" }]);
    expect(processesNamed(`sleep ${nap}`)).toEqual([]);
  });
});

describe("the verdict of a run", () => {
  const passing = check("fine", "test -e work.txt");
  const failing = check("bad", "echo broken here; exit 3");
  it.each([
    ["did nothing", "true", [passing], { status: "succeeded", verdict: "nothing_produced" }],
    [
      "said that no change is needed",
      "echo COPPICE: NO CHANGE NEEDED",
      [passing],
      { status: "succeeded", verdict: "no_change" },
    ],
    ["changed and was not checked", null, [], { status: "succeeded", verdict: "unverified" }],
    ["passed its checks", null, [passing], { status: "succeeded", verdict: "verified" }],
    ["failed one", null, [passing, failing], { status: "failed", endReason: "checks_failed" }],
    [
      "crashed after good work",
      "echo work > work.txt; kill -9 $$",
      [passing],
      { status: "failed", endReason: "command_failed", verdict: null, commits: 1 },
    ],
  ])("whose agent %s", async (_, command, checks, expected) => {
    const { wish } = await prepare({ checks, checkRounds: 3 }, command ?? undefined);
    const run = await carryOut(wish);
    expect(run).toMatchObject({ attemptNumber: 1, ...expected });
    const states = (await commandsOf(run.id)).map(({ state }) => state);
    if (run.verdict === "verified") expect(states).toEqual(["passed"]);
    if (run.endReason === "checks_failed") {
      expect(states).toEqual(["passed", "failed"]);
      expect(run.error).toBe("Check “bad” failed with exit code 3.");
      expect(run).toMatchObject({ commits: 1, verdict: null });
    }
    if (run.commits === 0) expect(states).toEqual(["skipped"]);
  });
});

describe("a check that", () => {
  it("runs when an operator cancels is stopped, and so is the run, with its work kept", async () => {
    const nap = `4000.${process.pid}`;
    const { wish } = await prepare({
      checks: [check("endless", `sleep ${nap}`), check("next", "true")],
      tearDown: script("echo torn down; ls; exit 1"),
    });
    const { runId } = await startRun(trial.context(), wish);
    await vi.waitUntil(async () => (await commandsOf(runId))[0]?.state === "running", 20_000);
    await cancelRun(trial.context(), { runId });
    const run = await trial.waitForEnd(runId);
    expect(run).toMatchObject({ status: "cancelled", commits: 1 });
    const states = (await commandsOf(runId)).map(({ state }) => state);
    expect(states).toEqual(["cancelled", "cancelled"]);
    expect(processesNamed(`sleep ${nap}`)).toEqual([]);

    await removeWorkspace(trial.context(), { id: run.workspaceId });
    const tearDown = (await commandsOf(runId)).at(-1);
    expect(tearDown).toMatchObject({ kind: "tear_down", state: "failed", exitCode: 1 });
    if (tearDown) expect((await printed(tearDown.id)).toString()).toContain("torn down\n");
    expect(existsSync(run.workspacePath ?? "")).toBe(false);
    expect(existsSync(tearDown?.controlPath ?? "")).toBe(false);
  });

  it("leaves files, a daemon and too much output harms neither work nor host", async () => {
    const nap = `3000.${process.pid}`;
    const { wish } = await prepare({
      checks: [
        check("litter", `setsid sleep ${nap} & echo litter > litter.txt; echo more >> work.txt`),
        check("flood", `head -c ${3 * limits.maxCommandOutputBytes} /dev/zero; sleep 100`),
        check("slow", "sleep 100", 1),
      ],
    });
    const run = await carryOut(wish);
    expect(run).toMatchObject({ status: "failed", endReason: "checks_failed", commits: 1 });
    expect(processesNamed(`sleep ${nap}`)).toEqual([]);
    expect(run.error).toBe(
      "Check “flood” printed more than 16 MiB and was stopped.\nCheck “slow” took longer than its 1 s and was stopped.",
    );
    const [litter, flood, slow] = await commandsOf(run.id);
    expect(litter).toMatchObject({ state: "passed" });
    expect(flood).toMatchObject({ state: "failed", outputBytes: limits.maxCommandOutputBytes });
    expect(slow).toMatchObject({ state: "timed_out" });
    const [round] = await trial.database.db
      .select()
      .from(checkRounds)
      .where(eq(checkRounds.runId, run.id));
    expect(round).toMatchObject({
      ...{ number: 1, state: "failed", headCommit: run.headCommit, filesChanged: 1 },
      leftFiles: ["litter.txt", "work.txt"],
    });
    const work = execFileSync("git", [
      ...["-C", join(trial.home, "repositories", `${run.repositoryId}.git`)],
      ...["show", `${run.headCommit}:work.txt`],
    ]);
    expect(work.toString()).toBe("work\n");
  });

  it("is under way when its worker, then its keeper dies is gone on with, then run again", async () => {
    const gate = join(trial.home, "gate");
    const { wish } = await prepare({
      checks: [check("long", `echo begun; while [ ! -e ${gate} ]; do sleep 0.05; done; echo done`)],
    });
    const { runId } = await startRun(trial.context(), wish);
    const first = async () => (await commandsOf(runId))[0];
    await vi.waitUntil(async () => (await first())?.outputBytes === 6, 20_000);
    await worker.kill("SIGKILL");
    worker = await trial.startWorker({ slots: 6 });
    await trial.waitFor(runId, ({ fence }) => fence === 2);
    expect(await first()).toMatchObject({ tries: 1, state: "running" });
    const keeper = readFileSync(join((await first())?.controlPath ?? "", "keeper"), "utf8");
    process.kill(Number(keeper.split(" ")[0]), "SIGKILL");
    await vi.waitUntil(async () => (await first())?.tries === 2, 20_000);
    writeFileSync(gate, "");
    const run = await trial.waitForEnd(runId);
    expect(run).toMatchObject({ status: "succeeded", verdict: "verified", attemptNumber: 1 });
    const row = await first();
    if (row) expect((await printed(row.id)).toString()).toBe("begun\ndone\n");
    const [attempt] = await trial.database.db
      .select()
      .from(attempts)
      .where(eq(attempts.runId, runId));
    expect(attempt).toMatchObject({ endReason: "completed", headCommit: run.headCommit });
  });
});
