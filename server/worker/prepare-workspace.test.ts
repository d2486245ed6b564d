import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { attempts, workspaces } from "@/db/schema";
import { startRun } from "@/server/runs/start-run";
import { openTrialInstallation, type TrialInstallation } from "./testing";

let trial: TrialInstallation;
beforeAll(async () => {
  trial = await openTrialInstallation();
  await trial.startWorker();
});
afterAll(async () => {
  await trial?.end();
});

async function run() {
  const input = { workflow: "script", repository: "sample", message: "do it" };
  return trial.waitForEnd((await startRun(trial.context(), input)).runId);
}

/** As root no permission is refused, so what cannot be written to is a file in the folder's place. */
it("fails a run whose workspace cannot be written, says why, and leaves nothing behind", async () => {
  const folder = join(trial.home, "workspaces");
  const aside = `${folder}.aside`;
  mkdirSync(folder, { recursive: true });
  renameSync(folder, aside);
  writeFileSync(folder, "in the way");
  const failed = await run();
  rmSync(folder);
  renameSync(aside, folder);
  expect(failed).toMatchObject({ status: "failed", endReason: "workspace_failed" });
  expect(failed.error).toMatch(/ENOTDIR|EEXIST/);
  const [attempt] = await trial.database.db
    .select()
    .from(attempts)
    .where(eq(attempts.runId, failed.id));
  expect(attempt).toMatchObject({ pid: null, endReason: "workspace_failed" });
  const [workspace] = await trial.database.db
    .select()
    .from(workspaces)
    .where(eq(workspaces.id, failed.workspaceId));
  expect(workspace?.state).toBe("planned");
  expect(readdirSync(folder)).toEqual([]);

  expect(await run()).toMatchObject({ status: "succeeded" });
});

it("fails a run whose base does not exist, with the names that do", async () => {
  const { runId } = await startRun(trial.context(), {
    workflow: "script",
    repository: "sample",
    message: "do it",
    baseRef: "no-such-branch",
  });
  const failed = await trial.waitForEnd(runId);
  expect(failed).toMatchObject({ status: "failed", endReason: "repository_failed" });
  expect(failed.error).toContain("There are: main");
});
