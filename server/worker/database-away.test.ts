import { readFileSync } from "node:fs";
import { join } from "node:path";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { attempts } from "@/db/schema";
import { openTestProxy, type TestProxy } from "@/db/testing-proxy";
import type { RunId } from "@/server/domain/ids";
import { cancelRun } from "@/server/runs/cancel-run";
import { startRun } from "@/server/runs/start-run";
import { openTrialInstallation, type TrialInstallation, type TrialWorker } from "./testing";

let trial: TrialInstallation;
let proxy: TestProxy;
let worker: TrialWorker;
const lines = 60;
beforeAll(async () => {
  trial = await openTrialInstallation();
  proxy = await openTestProxy(trial.database.url);
  worker = await trial.startWorker({ environment: { DATABASE_URL: proxy.url } });
  await trial.defineWorkflow("counting", {
    command: `echo begun >> begun.txt; for i in $(seq ${lines}); do echo $i; sleep 0.05; done`,
  });
  await trial.defineWorkflow("short", { command: "echo begun >> begun.txt" });
});
afterAll(async () => {
  proxy?.mend();
  await trial?.end();
  await proxy?.close();
});

async function start(workflow: string): Promise<RunId> {
  const input = { workflow, repository: "sample", message: "do it" };
  return (await startRun(trial.context(), input)).runId;
}

/** One attempt, one agent, every event and every byte once. */
async function expectWhole(runId: RunId, output: string): Promise<void> {
  const run = await trial.waitForEnd(runId);
  expect(run).toMatchObject({ status: "succeeded", error: null, attemptNumber: 1, commits: 1 });
  expect(readFileSync(join(run.workspacePath ?? "", "begun.txt"), "utf8")).toBe("begun\n");
  const events = await trial.eventsOf(runId);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  const moves = events.filter(({ kind }) => kind === "status_changed").map(({ data }) => data.to);
  expect(moves).toEqual(["queued", "preparing", "running", "finishing", "succeeded"]);
  const [attempt] = await trial.database.db
    .select()
    .from(attempts)
    .where(eq(attempts.runId, runId));
  if (!attempt) throw new Error("no attempt");
  expect((await trial.outputOf(attempt.id)).toString()).toBe(output);
}

const counted = Array.from({ length: lines }, (_, index) => `${index + 1}\n`).join("");
const spoolOf = (runId: RunId) => join(trial.home, "attempts", runId, "1", "output");
const isInSpool = (runId: RunId, line: number) =>
  trial.waitFor(runId, () => readFileSync(spoolOf(runId), "utf8").includes(`\n${line}\n`));

it.each([
  ["breaks every connection", () => proxy.drop()],
  ["hangs", () => proxy.stall()],
])(
  "goes on with its run while the database %s, and stores all of it afterwards",
  async (_, harm) => {
    const runId = await start("counting");
    await trial.waitFor(runId, ({ status }) => status === "running");
    await isInSpool(runId, 5);
    harm();
    await isInSpool(runId, lines - 5);
    proxy.mend();
    await expectWhole(runId, counted);
  },
);

it("carries out once each run whose commit was never confirmed, at whichever status", async () => {
  const statuses = ["running", "finishing", "succeeded"];
  const started = statuses.map(async (status) => {
    const runId = await start("short");
    await proxy.cutCommit(runId, `"to":"${status}"`);
    return runId;
  });
  for (const runId of await Promise.all(started)) await expectWhole(runId, "");
});

it("tells once of a stop whose commit was never confirmed", async () => {
  await trial.defineWorkflow("endless", { command: "sleep 1000" });
  const runId = await start("endless");
  await trial.waitFor(runId, ({ status }) => status === "running");
  const cut = proxy.cutCommit(runId, '"agent_stopped"');
  await cancelRun(trial.context(), { runId });
  await cut;
  expect(await trial.waitForEnd(runId)).toMatchObject({ status: "cancelled" });
  const kinds = (await trial.eventsOf(runId)).map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === "agent_stopped")).toHaveLength(1);
});

it("waits with its output while the database has no room, and loses none of it", async () => {
  const { db } = trial.database;
  await db.execute(sql`create function refuse_for_want_of_room() returns trigger language plpgsql
    as $$ begin raise exception using errcode = 'disk_full', message = 'No space left'; end $$`);
  await db.execute(sql`create trigger full_disk before insert on output_chunks
    execute function refuse_for_want_of_room()`);
  const runId = await start("counting");
  await trial.waitFor(runId, () => worker.log.join("").includes("No space left"));
  await isInSpool(runId, lines - 5);
  await db.execute(sql`drop trigger full_disk on output_chunks`);
  await expectWhole(runId, counted);
});
