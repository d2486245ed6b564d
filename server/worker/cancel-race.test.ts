import { readFileSync } from "node:fs";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { attempts } from "@/db/schema";
import { DomainError } from "@/server/domain/errors";
import { cancelRun } from "@/server/runs/cancel-run";
import { startRun } from "@/server/runs/start-run";
import { openTrialInstallation, type TrialInstallation } from "./testing";

const rounds = 12;
let trial: TrialInstallation;
beforeAll(async () => {
  trial = await openTrialInstallation();
  await trial.startWorker({ slots: 4 });
  await trial.defineWorkflow("quick", { command: "echo work > work.txt; sleep 0.1; echo done" });
});
afterAll(async () => {
  await trial?.end();
});

/** Cancels a run a little later each round, so that some calls meet its own end. */
async function race(round: number) {
  const input = { workflow: "quick", repository: "sample", message: `round ${round}` };
  const { runId } = await startRun(trial.context(), input);
  const reached = ["preparing", "running", "finishing"][round % 3] ?? "running";
  await trial.waitFor(
    runId,
    ({ status }) => status !== "queued" && (status === reached || status !== "preparing"),
  );
  for (let turn = 0; turn < round * 40; turn++)
    await new Promise((resolve) => setImmediate(resolve));
  const refusal = await cancelRun(trial.context(), { runId }).then(
    () => null,
    (error: unknown) => error,
  );
  return { runId, refusal };
}

it("lets the first end win in a race of cancel with the natural end, and never drops work", async () => {
  const raced = await Promise.all(Array.from({ length: rounds }, (_, round) => race(round)));
  const ends = { cancelled: 0, succeeded: 0 };
  for (const { runId, refusal } of raced) {
    const run = await trial.waitForEnd(runId);
    if (refusal !== null) expect(refusal).toBeInstanceOf(DomainError);
    // Refused: nothing was cancelled. Accepted: the end is the cancel's, unless the agent's came first.
    if (refusal !== null) expect(run.status).toBe("succeeded");
    expect(["cancelled", "succeeded"]).toContain(run.status);
    ends[run.status as keyof typeof ends] += 1;
    const moves = (await trial.eventsOf(runId)).filter(({ kind }) => kind === "status_changed");
    const last = moves.filter(({ data }) => ["cancelled", "succeeded"].includes(String(data.to)));
    expect(last.map(({ data }) => data.to)).toEqual([run.status]);
    const [attempt] = await trial.database.db
      .select()
      .from(attempts)
      .where(eq(attempts.runId, runId));
    const wrote = attempt?.exitCode === 0;
    if (wrote) {
      expect(run).toMatchObject({ commits: 1, filesChanged: 1 });
      expect(readFileSync(join(run.workspacePath ?? "", "work.txt"), "utf8")).toBe("work\n");
    }
  }
  console.log(`${rounds} races: ${ends.cancelled} cancelled, ${ends.succeeded} succeeded`);
  expect(ends.cancelled).toBeGreaterThan(0);
});
