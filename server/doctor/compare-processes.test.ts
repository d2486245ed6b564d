import { randomUUID } from "node:crypto";
import path from "node:path";
import { eq } from "drizzle-orm";
import { afterEach, beforeEach, expect, it } from "vitest";
import { runs } from "@/db/schema";
import { insertAttempt } from "@/db/testing-rows";
import { controlPath } from "@/server/agents/control-folder";
import { noIsolation } from "@/server/agents/testing";
import { type DoctorSite, endTree, isAnyAlive, openDoctorSite, startTree } from "./testing";

let site: DoctorSite;
beforeEach(async () => {
  site = await openDoctorSite();
});
afterEach(() => site.end());

it("finds a run whose process is gone, and has it finished by a new job", async () => {
  const { run } = await site.placeRun("running");
  const found = await site.findOnly("run_without_process");
  expect(found).toMatchObject({ severity: "critical", subject: { runNumber: run.number } });
  expect(found.evidence).toContainEqual({ name: "what it says", value: "absent" });
  const done = await site.fix(found, "send_job");
  const [after] = await site.db.select().from(runs).where(eq(runs.id, run.id));
  expect(after?.jobId).not.toBe(run.jobId);
  expect(done).toEqual([expect.stringContaining(after?.jobId ?? "no job")]);
});

it("accuses no run whose keeper lives", async () => {
  const { run, attemptId, folder } = await site.placeRun("running");
  await startTree(site, { id: run.id, attemptId, folder }, noIsolation);
  expect(await site.check()).toEqual([]);
  const child = site.startMarked({ runId: run.id, attemptId, workspace: folder });
  expect(child).toBeGreaterThan(0);
  expect(await site.check()).toEqual([]);
  await endTree(site, { ...run, attemptId });
});

it("finds a process of an ended run, ends it with its keeper, and spares every other", async () => {
  const ended = await site.placeRun("succeeded");
  const other = await site.placeRun("running");
  await startTree(site, { ...ended, id: ended.run.id }, noIsolation);
  await startTree(site, { ...other, id: other.run.id }, noIsolation);
  const found = await site.findOnly("process_of_ended_run");
  expect(found.subject.runId).toBe(ended.run.id);
  await site.fix(found, "end_processes");
  expect(isAnyAlive(ended.run.id, ended.attemptId)).toBe(false);
  expect(isAnyAlive(other.run.id, other.attemptId)).toBe(true);
  expect(await site.check()).toEqual([]);
  await endTree(site, { ...other.run, attemptId: other.attemptId });
});

it("finds two living trees of one run, and ends all but the newest attempt", async () => {
  const { run, attemptId, folder } = await site.placeRun("running");
  const second = await insertAttempt(site.db, {
    runId: run.id,
    workerId: site.worker.id,
    number: 2,
    controlPath: controlPath(site.home, run.id, 2),
  });
  await site.db.update(runs).set({ attemptNumber: 2, fence: 2 }).where(eq(runs.id, run.id));
  await startTree(site, { id: run.id, attemptId, folder }, noIsolation);
  site.startMarked({ runId: run.id, attemptId: second.id, workspace: folder });
  const found = (await site.check()).filter(({ kind }) => kind !== "run_without_process");
  expect(found.map(({ kind }) => kind)).toEqual(["two_living_trees"]);
  if (!found[0]) throw new Error("nothing found");
  await site.fix(found[0], "end_processes");
  expect(isAnyAlive(run.id, attemptId)).toBe(false);
  expect(isAnyAlive(run.id, second.id)).toBe(true);
});

it("tells of a process that the database does not know, and offers nothing against it", async () => {
  const workspace = path.join(site.home, "workspaces", site.repository.id, randomUUID());
  const mark = { runId: randomUUID(), attemptId: randomUUID() };
  site.startMarked({ ...mark, workspace });
  site.startMarked({ runId: randomUUID(), attemptId: randomUUID(), workspace: "/elsewhere/w" });
  const found = await site.findOnly("process_of_unknown_run");
  expect(found.subject.attemptId).toBe(mark.attemptId);
  expect(found.fixes).toEqual([]);
});
