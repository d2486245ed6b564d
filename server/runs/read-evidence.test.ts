import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { attemptEvidence, attempts, runs, workers } from "@/db/schema";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import { insertRun, insertWorker } from "@/db/testing-rows";
import { closeProducerOf, producerOf } from "@/server/jobs/jobs";
import { sendRunJob } from "@/server/jobs/send-run-job";
import { moveRun } from "./move-run";
import { readEvidence } from "./read-evidence";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await closeProducerOf(database.db);
  await database.drop();
});

async function insertLook(
  given: Partial<typeof attemptEvidence.$inferInsert> = {},
  status: "running" | "succeeded" = "running",
) {
  const { db } = database;
  const worker = await insertWorker(db);
  const { run, attempt } = await insertRun(db, { status, workerId: worker.id });
  if (!attempt) throw new Error("no attempt");
  await db.insert(attemptEvidence).values({
    ...{ attemptId: attempt.id, workerId: worker.id, fence: run.fence },
    ...{ phase: "running", isDriven: true, keeperPid: 1, isKeeperAlive: true },
    ...{ pid: run.pid ?? 4242, isAgentAlive: true, leftOver: [], spoolBytes: 7 },
    lookedAt: new Date(),
    changedAt: new Date(Date.now() - 60_000),
    ...given,
  });
  return { run, attempt, worker };
}

test("agrees with a running run whose process its worker has just seen", async () => {
  const { run, worker } = await insertLook();
  expect(await readEvidence(database.db, { id: run.id })).toMatchObject({
    agreement: "agrees",
    status: "running",
    worker: { name: worker.name, state: "live" },
    processes: { pid: 4242, isAgentAlive: true, spoolBytes: 7, leftOver: [] },
    job: null,
    wait: null,
  });
});

test("disagrees with a running run whose process is gone without an exit", async () => {
  const { run } = await insertLook({ phase: "lost", isAgentAlive: false });
  const evidence = await readEvidence(database.db, { id: `#${run.number}` });
  expect(evidence).toMatchObject({ agreement: "disagrees" });
  expect(evidence.sentence).toContain("left no exit status");
});

test("disagrees with an ended run of which a process was seen after its end", async () => {
  const { run } = await insertLook({ phase: "exited" }, "succeeded");
  const evidence = await readEvidence(database.db, { id: run.id });
  expect(evidence).toMatchObject({ agreement: "disagrees" });
  expect(evidence.sentence).toContain("process 4242 of it lived");
});

test("claims nothing of a run whose worker is silent, and says since when", async () => {
  const { run, worker } = await insertLook();
  await database.db
    .update(workers)
    .set({ heartbeatAt: sql`now() - interval '40 seconds'` })
    .where(eq(workers.id, worker.id));
  const evidence = await readEvidence(database.db, { id: run.id });
  expect(evidence).toMatchObject({ agreement: "stale", worker: { state: "stalled" } });
  expect(evidence.sentence).toContain("not been heard of for 40 s");
});

test("tells who moved a run last, and what its exit was", async () => {
  const { run, attempt } = await insertLook();
  await database.db.transaction((tx) =>
    moveRun(tx, {
      ...{ runId: run.id, to: "finishing", fence: run.fence, set: {}, actor: "worker:one" },
      ...{ data: { reason: "command_failed" }, now: new Date() },
    }),
  );
  await database.db.update(attempts).set({ exitCode: 3 }).where(eq(attempts.id, attempt.id));
  expect(await readEvidence(database.db, { id: run.id })).toMatchObject({
    moved: { actor: "worker:one", from: "running", to: "finishing", reason: "command_failed" },
    exit: { code: 3, signal: null },
  });
});

test("knows the job of a queued run, and misses one that is not there", async () => {
  const { db } = database;
  const { run } = await insertRun(db, { waitReason: "slot" });
  expect(await readEvidence(db, { id: run.id })).toMatchObject({
    agreement: "disagrees",
    job: null,
    sentence: expect.stringContaining("no job of it is in the queue"),
  });
  const jobs = await producerOf(db);
  const sent = await db.transaction((tx) =>
    sendRunJob(jobs, tx, {
      ...{ runId: run.id, workspaceId: run.workspaceId, workerName: null },
      ...{ priority: 0, availableAt: null },
    }),
  );
  await db.update(runs).set({ jobId: sent.jobId, jobQueue: sent.queue }).where(eq(runs.id, run.id));
  expect(await readEvidence(db, { id: run.id })).toMatchObject({
    agreement: "agrees",
    sentence: "It is waiting for a free slot.",
    job: { queue: "run", state: "created" },
    wait: { reason: "slot", worker: null },
  });
});
