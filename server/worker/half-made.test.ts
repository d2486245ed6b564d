import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { cancelRun } from "@/server/runs/cancel-run";
import { startRun } from "@/server/runs/start-run";
import { openTrialInstallation, type TrialInstallation } from "./testing";

let trial: TrialInstallation;
beforeEach(async () => {
  trial = await openTrialInstallation();
});
afterEach(() => trial?.end());

it("leaves no half-made workspace of a run that was cancelled while its worker was dead", async () => {
  const worker = await trial.startWorker({
    environment: { COPPICE_TEST_CRASH: "1", CRASH_AT: "mid:workspace" },
  });
  await trial.defineWorkflow("brief", { command: "true" });
  const input = { workflow: "brief", repository: "sample", message: "do it" };
  const { runId } = await startRun(trial.context(), input);
  while (existsSync(`/proc/${worker.pid}`)) await new Promise((resolve) => setTimeout(resolve, 10));
  const { repositoryId } = await trial.waitFor(runId, () => true);
  const folder = path.join(trial.home, "workspaces", repositoryId);
  const list = () => readdirSync(folder).filter((name) => !name.startsWith("."));
  expect(list()).toEqual([expect.stringContaining(".new-")]);
  await cancelRun(trial.context(), { runId });
  await trial.startWorker();
  expect(await trial.waitForEnd(runId)).toMatchObject({ status: "cancelled", attemptNumber: 1 });
  expect(list()).toEqual([]);
});
