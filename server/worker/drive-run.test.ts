import { afterAll, beforeAll, expect, it } from "vitest";
import { asc, eq } from "drizzle-orm";
import { commits, runEvents } from "@/db/schema";
import { startRun } from "@/server/runs/start-run";
import { openTrialInstallation, type TrialInstallation } from "./testing";

let trial: TrialInstallation;
beforeAll(async () => {
  trial = await openTrialInstallation();
});
afterAll(async () => {
  await trial?.end();
});

it("carries the starter script through to its end on the sample repository", async () => {
  const { runId } = await startRun(trial.context(), {
    workflow: "script",
    repository: "sample",
    message: "hello there",
  });
  const run = await trial.waitForEnd(runId);
  const events = await trial.database.db
    .select()
    .from(runEvents)
    .where(eq(runEvents.runId, runId))
    .orderBy(asc(runEvents.seq));
  const found = await trial.database.db.select().from(commits).where(eq(commits.runId, runId));
  console.log(run, events.map((e) => [e.seq, e.kind, e.at.toISOString(), JSON.stringify(e.data)]), found.map(c=>c.message));
  expect(run.status).toBe("succeeded");
});
