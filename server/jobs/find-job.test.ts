import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import { runIdSchema, workspaceIdSchema } from "@/server/domain/ids";
import { findJob } from "./find-job";
import { fetchRunJob } from "./held-job";
import { closeProducerOf, producerOf } from "./jobs";
import { sendRunJob } from "./send-run-job";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await closeProducerOf(database.db);
  await database.drop();
});

test("tells how the queue sees a job that waits, is held, or is not there", async () => {
  const { db } = database;
  const jobs = await producerOf(db);
  const { jobId: id, queue } = await db.transaction((tx) =>
    sendRunJob(jobs, tx, {
      runId: runIdSchema.parse(randomUUID()),
      workspaceId: workspaceIdSchema.parse(randomUUID()),
      workerName: null,
      priority: 0,
      availableAt: null,
    }),
  );
  const waiting = { id, queue, state: "created", heartbeatAt: null };
  expect(await findJob(jobs, { id, queue })).toEqual(waiting);
  await jobs.boss.createQueue("run/ada");
  await fetchRunJob(jobs, "ada");
  const held = await findJob(jobs, { id, queue });
  expect(held).toMatchObject({ id, queue, state: "active" });
  expect(held.heartbeatAt).toBeInstanceOf(Date);
  expect(Date.now() - (held.heartbeatAt?.getTime() ?? 0)).toBeLessThan(60_000);
  const none = { id: randomUUID(), queue };
  expect(await findJob(jobs, none)).toEqual({ ...none, state: null, heartbeatAt: null });
});
