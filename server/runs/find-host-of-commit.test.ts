import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { commits, runs, workers } from "@/db/schema";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import { insertRun, insertWorker, randomSha } from "@/db/testing-rows";
import type { Actor } from "@/server/domain/actor";
import { closeProducerOf, openWorkerJobs } from "@/server/jobs/jobs";
import { prepareInstallation } from "@/server/supervisor/prepare-installation";
import { findHostOfCommit } from "./find-host-of-commit";
import { rerunRun } from "./rerun-run";

const actor: Actor = { kind: "member", id: "m1", name: "Ada", role: "operator" };
let database: TestDatabase;
let home: string;
beforeAll(async () => {
  database = await createTestDatabase();
  home = await mkdtemp(path.join(os.tmpdir(), "coppice-home-"));
  await prepareInstallation({ databaseUrl: database.url, home, publicUrl: "http://x" });
});
afterAll(async () => {
  await rm(home, { recursive: true, force: true });
  await closeProducerOf(database.db);
  await database.drop();
});

/** A run on a host, and a commit that it made and that another began from. */
async function insertContinued() {
  const { db } = database;
  const facts = {
    ...{ version: "1", isolation: "none" as const, isolationWhy: "test" },
    agents: [
      {
        kind: "shell" as const,
        program: "/bin/bash",
        version: null,
        problem: null,
        howToInstall: "",
      },
    ],
  };
  const worker = await insertWorker(db, { facts });
  const sha = randomSha();
  const first = await insertRun(db, {
    ...{ status: "succeeded", workerId: worker.id, baseCommit: sha },
  });
  await db.insert(commits).values({
    ...{ runId: first.run.id, sha, position: 0, parents: [], at: new Date(), origin: "agent" },
    ...{
      authorName: "A",
      authorEmail: "a@b.c",
      message: "Work",
      additions: 1,
      deletions: 0,
      files: 1,
    },
  });
  return { worker, run: first.run, sha, repositoryId: first.run.repositoryId };
}

it("sends the rerun of a run to the host that made the commit it began from", async () => {
  const { worker, run } = await insertContinued();
  const jobs = await openWorkerJobs({ url: database.url, workerName: worker.name, log: () => {} });
  const { runId } = await rerunRun({ db: database.db, actor, now: new Date() }, { runId: run.id });
  const [again] = await database.db.select().from(runs).where(eq(runs.id, runId));
  expect(again?.jobQueue).toBe(`run/${worker.name}`);
  await jobs.close();
});

it("knows no host for a commit of the origin, for a branch, or where the host was lost", async () => {
  const { worker, sha, repositoryId } = await insertContinued();
  const { db } = database;
  expect(await findHostOfCommit(db, repositoryId, sha)).toBe(worker.name);
  for (const ref of [randomSha(), "main", null]) {
    expect(await findHostOfCommit(db, repositoryId, ref)).toBeNull();
  }
  await db
    .update(workers)
    .set({ lostAt: new Date(), lostBy: "member:Ada", lostReason: "burnt" })
    .where(eq(workers.id, worker.id));
  expect(await findHostOfCommit(db, repositoryId, sha)).toBeNull();
});
