import { eq } from "drizzle-orm";
import { afterEach, beforeEach, expect, it } from "vitest";
import { attempts } from "@/db/schema";
import { findMarked } from "@/server/agents/end-agent";
import { cancelRun } from "@/server/runs/cancel-run";
import { startRun } from "@/server/runs/start-run";
import { openTrialInstallation, type TrialInstallation } from "./testing";

let trial: TrialInstallation;
beforeEach(async () => {
  trial = await openTrialInstallation();
});
afterEach(() => trial?.end());

it("leaves no process of a run whose keeper was killed, also when no attempt follows", async () => {
  const worker = await trial.startWorker();
  await trial.defineWorkflow("fragile", { command: "echo begun; sleep 300" });
  const input = { workflow: "fragile", repository: "sample", message: "do it" };
  const { runId } = await startRun(trial.context(), input);
  await trial.waitFor(runId, ({ status }) => status === "running");
  const [attempt] = await trial.database.db
    .select()
    .from(attempts)
    .where(eq(attempts.runId, runId));
  if (!attempt?.keeperPid) throw new Error("the attempt has no keeper");
  // Stopped meanwhile, so that it finds the keeper dead before it hears of the cancel.
  process.kill(worker.pid, "SIGSTOP");
  await cancelRun(trial.context(), { runId });
  process.kill(attempt.keeperPid, "SIGKILL");
  process.kill(worker.pid, "SIGCONT");
  const run = await trial.waitForEnd(runId);
  expect(run).toMatchObject({ status: "cancelled", attemptNumber: 1 });
  expect(findMarked({ runId, attemptId: attempt.id }, { keeper: null })).toEqual([]);
});
