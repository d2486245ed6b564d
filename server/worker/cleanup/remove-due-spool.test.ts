import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, existsSync, readFileSync, truncateSync } from "node:fs";
import { dirname, join } from "node:path";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { attempts } from "@/db/schema";
import { setPin } from "@/server/cleanup/set-pin";
import { carryOutItems } from "./carry-out-items";
import { type CleanupTrial, dueAtOnce, openCleanupTrial } from "./testing";

let trial: CleanupTrial;
beforeAll(async () => {
  trial = await openCleanupTrial();
  await trial.defineWorkflow("talk", { command: "seq 1 2000" });
  await trial.setRules({ ...dueAtOnce, succeededDays: "never", spoolDays: 0 });
});
afterAll(() => trial?.end());

async function endedAttempt() {
  const worker = await trial.startWorker();
  const run = await trial.runToEnd("talk");
  await worker.kill("SIGTERM");
  const [attempt] = await trial.database.db
    .select()
    .from(attempts)
    .where(eq(attempts.runId, run.id));
  if (!attempt) throw new Error("the run has no attempt");
  return { run, attempt, folder: attempt.controlPath };
}

/** Cleans up with a worker in this process; answers what became of the attempt's folder. */
async function cleanUp(attempt: { id: string }, meanwhile: () => Promise<void> = async () => {}) {
  const opened = await trial.openWorker();
  const { id } = await trial.start();
  await meanwhile();
  await carryOutItems(opened.context).finally(() => opened.close());
  return (await trial.itemsOf(id)).find((item) => item.attemptId === attempt.id);
}

test("removes a control folder whose output is stored, and the output stays", async () => {
  const { attempt, folder } = await endedAttempt();
  const spool = readFileSync(join(folder, "output"));
  expect(spool.length).toBeGreaterThan(5_000);
  const item = await cleanUp(attempt);
  expect(item).toMatchObject({ status: "removed", why: null });
  expect(item?.freedBytes).toBeGreaterThanOrEqual(spool.length);
  expect(existsSync(dirname(folder))).toBe(false);
  expect((await trial.outputOf(attempt.id)).equals(spool)).toBe(true);
  const [row] = await trial.database.db.select().from(attempts).where(eq(attempts.id, attempt.id));
  expect(row?.controlRemovedAt).toBeInstanceOf(Date);
  expect(await cleanUp(attempt)).toBeUndefined();
});

test("keeps it while its spool holds other than what is stored", async () => {
  const { attempt, folder } = await endedAttempt();
  const spool = join(folder, "output");
  appendFileSync(spool, "never stored\n");
  expect(await cleanUp(attempt)).toMatchObject({
    ...{ status: "kept", why: expect.stringContaining("other than what is stored") },
  });
  expect(existsSync(spool)).toBe(true);
  truncateSync(spool, attempt.outputBytes);
  expect(await cleanUp(attempt)).toMatchObject({ status: "removed" });
});

test("keeps it while a process of the attempt is alive", async () => {
  const { run, attempt, folder } = await endedAttempt();
  const survivor = spawn("sleep", ["600"], {
    env: { ...process.env, COPPICE_RUN_ID: run.id, COPPICE_ATTEMPT_ID: attempt.id },
  });
  await once(survivor, "spawn");
  expect(await cleanUp(attempt)).toMatchObject({
    ...{ status: "kept", why: expect.stringContaining(String(survivor.pid)) },
  });
  expect(existsSync(folder)).toBe(true);
  survivor.kill("SIGKILL");
  await once(survivor, "exit");
  expect(await cleanUp(attempt)).toMatchObject({ status: "removed" });
});

test("keeps it when its run is pinned, even after it was planned", async () => {
  const { run, attempt, folder } = await endedAttempt();
  const pin = (isPinned: boolean) =>
    setPin(trial.context(), { runId: run.id, isPinned }).then(() => undefined);
  expect(await cleanUp(attempt, () => pin(true))).toMatchObject({ status: "kept" });
  expect(await cleanUp(attempt)).toBeUndefined();
  expect(existsSync(folder)).toBe(true);
  await pin(false);
  expect(await cleanUp(attempt)).toMatchObject({ status: "removed" });
});
