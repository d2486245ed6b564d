import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { workEntries } from "@/db/schema";
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

it("enters all that a run leaves, and looks where it is by itself", async () => {
  await trial.defineWorkflow("leaver", {
    command: `echo a > a; git add a; git commit -qm 'Add a'; echo b > b
      echo cache/ > .gitignore; mkdir -p cache; echo c > cache/c
      truncate -s 60M big.bin; git init -q nested; echo n > nested/n`,
  });
  const input = { workflow: "leaver", repository: "sample", message: "do it" };
  const { runId } = await startRun(trial.context(), input);
  expect(await trial.waitForEnd(runId)).toMatchObject({ status: "succeeded" });
  const entries = () =>
    trial.database.db
      .select()
      .from(workEntries)
      .where(eq(workEntries.runId, runId))
      .orderBy(workEntries.id);
  const told = (await entries()).map(({ origin, reason, title }) => [origin ?? reason, title]);
  expect(told).toEqual([
    ["agent", "Add a"],
    ["snapshot", expect.stringMatching(/^Keep what shell left uncommitted/)],
    ["left_out", "big.bin"],
    ["nested_repository", "nested/"],
    ["ignored", "What git ignores"],
  ]);
  // The worker's duty looks within seconds; the test's own time limit is the bound.
  for (;;) {
    const commits = (await entries()).filter(({ sha }) => sha !== null);
    if (commits.every(({ lookedAt }) => lookedAt !== null)) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expect((await entries()).map(({ whereabouts }) => whereabouts)).toEqual([
    "only_here",
    "only_here",
    "in_workspace",
    "in_workspace",
    "in_workspace",
  ]);
});
