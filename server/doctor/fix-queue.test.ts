import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterEach, beforeEach, expect, it } from "vitest";
import { runs, workers } from "@/db/schema";
import { noIsolation } from "@/server/agents/testing";
import { compareQueue } from "@/server/differences/compare-queue";
import { readQueueFacts } from "@/server/differences/read-queue-facts";
import type { Difference } from "@/server/domain/difference";
import type { DifferenceKind } from "@/server/domain/difference-kinds";
import { type RunId, runIdSchema } from "@/server/domain/ids";
import { dropJob } from "@/server/jobs/held-job";
import { listRunJobs } from "@/server/jobs/list-run-jobs";
import { sendRunJob } from "@/server/jobs/send-run-job";
import { type DoctorSite, endTree, openDoctorSite, type PlacedRun, startTree } from "./testing";

let site: DoctorSite;
beforeEach(async () => {
  site = await openDoctorSite();
});
afterEach(() => site.end());

const compare = async (settle = -1) => compareQueue(await readQueueFacts(site.db), settle);

async function findOnly(kind: DifferenceKind): Promise<Difference> {
  const found = await compare();
  expect(found.map((difference) => difference.kind)).toEqual([kind]);
  if (!found[0]) throw new Error(`no ${kind}`);
  return found[0];
}

async function dropJobOf({ run }: PlacedRun): Promise<void> {
  await site.db.transaction(async (tx) => {
    for (const job of await listRunJobs(tx)) {
      if (job.runId === run.id) await dropJob(site.jobs, tx, job);
    }
  });
}

const send = (runId: RunId, workspaceId: PlacedRun["workspace"]["id"]) =>
  site.db.transaction((tx) =>
    sendRunJob(site.jobs, tx, {
      ...{ runId, workspaceId, workerName: site.worker.name, priority: 0, availableAt: null },
    }),
  );

const jobsOf = async (runId: RunId) =>
  (await listRunJobs(site.db)).filter((job) => job.runId === runId);

it("finds nothing where each run has its job", async () => {
  await site.placeRun("queued");
  await site.placeRun("preparing");
  await site.placeRun("succeeded");
  expect(await compare()).toEqual([]);
});

it.each(["queued", "preparing", "finishing"] as const)(
  "finds a %s run without a job, and sends it one",
  async (status) => {
    const placed = await site.placeRun(status);
    await dropJobOf(placed);
    const kind = status === "queued" ? "queued_run_without_job" : "held_run_without_job";
    const found = await findOnly(kind);
    await site.fix(found, "send_job");
    const [job, ...more] = await jobsOf(placed.run.id);
    const [run] = await site.db.select().from(runs).where(eq(runs.id, placed.run.id));
    expect(more).toEqual([]);
    expect(job).toMatchObject({ id: run?.jobId, queue: `run/${site.worker.name}` });
    expect(await compare()).toEqual([]);
    await expect(site.fix(found, "send_job")).rejects.toMatchObject({ code: "conflict" });
  },
);

it("does not judge what changed a moment ago", async () => {
  const placed = await site.placeRun("queued");
  await dropJobOf(placed);
  expect(await compare(3600)).toEqual([]);
  expect(await compare()).toHaveLength(1);
});

it("finds a job of a run that does not exist, has ended, or names another, and removes it", async () => {
  const ended = await site.placeRun("succeeded");
  const queued = await site.placeRun("queued");
  const nobody = runIdSchema.parse(randomUUID());
  const stray = [
    await send(nobody, ended.workspace.id),
    await send(ended.run.id, ended.workspace.id),
    await send(queued.run.id, queued.workspace.id),
  ];
  const found = await compare();
  expect(found.map(({ kind }) => kind)).toEqual(stray.map(() => "job_without_run"));
  expect(found.map(({ subject }) => subject.jobId).sort()).toEqual(
    stray.map(({ jobId }) => jobId).sort(),
  );
  for (const difference of found) await site.fix(difference, "drop_job");
  expect(await compare()).toEqual([]);
  expect(await jobsOf(queued.run.id)).toEqual([
    expect.objectContaining({ id: queued.run.jobId ?? (await jobOf(queued.run.id)) }),
  ]);
});

async function jobOf(runId: RunId): Promise<string | null> {
  const [run] = await site.db.select().from(runs).where(eq(runs.id, runId));
  return run?.jobId ?? null;
}

it("tells of a run that an absent worker holds", async () => {
  const placed = await site.placeRun("running");
  await startTree(site, { ...placed, id: placed.run.id }, noIsolation);
  expect(await compare()).toEqual([]);
  await site.db.update(workers).set({ stoppedAt: new Date() });
  const found = await findOnly("held_by_absent_worker");
  expect(found.fixes).toEqual([]);
  expect(found.title).toContain(`#${placed.run.number}`);
  await endTree(site, { ...placed.run, attemptId: placed.attemptId });
});
