import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { cleanupItems, cleanupSettings, cleanups, retentionPolicies, workers } from "@/db/schema";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import { insertRepository, insertRun, insertWorker, insertWorkflow } from "@/db/testing-rows";
import { listAudit } from "@/server/audit/list-audit";
import type { Actor } from "@/server/domain/actor";
import type { PolicyRules } from "@/server/domain/retention";
import { carryOutCleanup } from "./carry-out-cleanup";
import { endFinishedCleanups } from "./end-finished-cleanups";
import { listCleanupItems } from "./list-cleanup-items";
import { listCleanups } from "./list-cleanups";
import { listDues } from "./list-dues";
import { listPolicies } from "./list-policies";
import { previewPolicy } from "./preview-policy";
import { setPin } from "./set-pin";
import { setPolicy } from "./set-policy";
import { setSettings } from "./set-settings";
import { startCleanup } from "./start-cleanup";
import { startDueCleanup } from "./start-due-cleanup";

const ada: Actor = { kind: "member", id: "m1", name: "Ada", role: "admin" };
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  const { db } = database;
  for (const table of [cleanupItems, cleanups, retentionPolicies]) await db.delete(table);
  await db.update(workers).set({ heartbeatAt: new Date() });
});

const context = (now = new Date()) => ({ db: database.db, actor: ada, now });
const rules: PolicyRules = { keepNewest: 0, spoolDays: "never", outputDays: "never" };
const daysAgo = (days: number) => new Date(Date.now() - days * 24 * 3600 * 1000);

/** An ended run in a repository of its own, whose workspace lies on a living host. */
async function endedRun(days: number, more: { isAway?: boolean } = {}) {
  const { db } = database;
  const repository = await insertRepository(db);
  const workflow = await insertWorkflow(db);
  const worker = await insertWorker(
    db,
    more.isAway ? { heartbeatAt: new Date(0), stoppedAt: new Date() } : {},
  );
  const made = await insertRun(db, {
    ...{ status: "succeeded", workflow, workerId: worker.id, endedAt: daysAgo(days) },
    session: { repositoryId: repository.id, workspace: { bytes: 1000 } },
  });
  await setPolicy(context(), { repository: repository.name, rules });
  return { ...made, repository, workflow: workflow.workflow, worker };
}

test("lists what is due with size and reason, and touches nothing", async () => {
  const { repository, workspace, run, workflow } = await endedRun(20);
  const report = await startCleanup(context(), { repository: repository.name });
  expect(report).toMatchObject({
    ...{ status: "reported", planned: 1, plannedBytes: 1000, blocked: 0, removed: 0 },
    ...{ repository: repository.name, startedBy: "member:Ada", isScheduled: false },
  });
  const { items } = await listCleanupItems(database.db, { id: report.id });
  expect(items).toMatchObject([
    {
      ...{ kind: "workspace", status: "planned", workspaceId: workspace.id, bytes: 1000 },
      ...{ repository: repository.name, workflow: workflow.name, path: workspace.path },
      ...{ run: { id: run.id, number: run.number }, loses: [], why: null },
    },
  ]);
  expect(items[0]?.reason).toContain("the built-in default keeps it 14 days");
  const [entry] = (await listAudit(database.db, { limit: 1 })).items;
  expect(entry).toMatchObject({ action: "cleanup.reported", target: `cleanup:${report.id}` });
  expect((await listCleanups(database.db, { limit: 1 })).items[0]?.id).toBe(report.id);
});

test("names what is due but must stay: a host that is away", async () => {
  const { repository } = await endedRun(20, { isAway: true });
  const report = await startCleanup(context(), { repository: repository.name });
  expect(report).toMatchObject({ planned: 0, blocked: 1 });
  const { items } = await listCleanupItems(database.db, { id: report.id, status: ["blocked"] });
  expect(items[0]?.why).toContain("Its host is away");
  const done = await startCleanup(context(), { repository: repository.name, isDryRun: false });
  expect(done).toMatchObject({ status: "done", planned: 0, removed: 0 });
});

test("has exactly one cleanup carried out at a time, each dry run once and only while it is fresh", async () => {
  const { repository } = await endedRun(20);
  const make = () => startCleanup(context(), { repository: repository.name });
  const [first, second] = [await make(), await make()];
  expect(await carryOutCleanup(context(), { id: first.id })).toMatchObject({
    ...{ status: "running", carriedOutBy: "member:Ada" },
  });
  const conflict = { code: "conflict" };
  await expect(carryOutCleanup(context(), { id: second.id })).rejects.toMatchObject(conflict);
  await expect(carryOutCleanup(context(), { id: first.id })).rejects.toMatchObject(conflict);
  await expect(startCleanup(context(), { isDryRun: false })).rejects.toMatchObject(conflict);
  await database.db.update(workers).set({ heartbeatAt: new Date(0) });
  await endFinishedCleanups(database.db, new Date());
  const { items } = await listCleanupItems(database.db, { id: first.id });
  expect(items).toMatchObject([{ status: "skipped" }]);
  await database.db.update(workers).set({ heartbeatAt: new Date() });
  const old = await make();
  await database.db
    .update(cleanups)
    .set({ startedAt: daysAgo(2) })
    .where(eq(cleanups.id, old.id));
  await expect(carryOutCleanup(context(), { id: old.id })).rejects.toThrow("older than a day");
});

test("keeps what is pinned, itself or its run, until it is let go", async () => {
  const { repository, workspace, run } = await endedRun(20);
  const planned = async () =>
    (await startCleanup(context(), { repository: repository.name })).planned;
  for (const target of [{ workspaceId: workspace.id }, { runId: run.id }]) {
    await setPin(context(), { ...target, isPinned: true });
    await setPin(context(), { ...target, isPinned: true });
    expect(await planned()).toBe(0);
    await setPin(context(), { ...target, isPinned: false });
    expect(await planned()).toBe(1);
  }
});

test("lets a workflow's policy go before its repository's, and shows what one would do", async () => {
  const { repository, workflow } = await endedRun(20);
  const planned = async () =>
    (await startCleanup(context(), { repository: repository.name })).planned;
  const keep = { workflow: workflow.name, rules: { succeededDays: 21 } };
  const preview = await previewPolicy(context(), keep);
  const ofWorkspaces = preview.kinds.find(({ kind }) => kind === "workspace");
  expect((ofWorkspaces?.before.items ?? 0) - (ofWorkspaces?.after.items ?? 0)).toBe(1);
  expect(await planned()).toBe(1);
  await setPolicy(context(), keep);
  expect(await planned()).toBe(0);
  const { items } = await setPolicy(context(), { workflow: workflow.name, rules: {} });
  expect(items.map((item) => item.workflow)).not.toContain(workflow.name);
  expect(await planned()).toBe(1);
  const both = { repository: repository.name, workflow: workflow.name, rules: {} };
  await expect(setPolicy(context(), both)).rejects.toMatchObject({ code: "bad_input" });
  const odd = { rules: { succeededDays: -1 } };
  await expect(setPolicy(context(), odd)).rejects.toMatchObject({ code: "bad_input" });
  expect((await listPolicies(database.db)).builtIn.removesPersistent).toBe(false);
});

test("tells of each workspace until when it is kept, and why", async () => {
  const young = await endedRun(4);
  const old = await endedRun(20);
  const ids = [young.workspace.id, old.workspace.id];
  const { items } = await listDues(database.db, { ids }, new Date());
  const dues = new Map(items.map((due) => [due.workspaceId, due]));
  expect(dues.get(old.workspace.id)).toMatchObject({ standing: "due" });
  const until = dues.get(young.workspace.id)?.until?.getTime() ?? 0;
  expect(until - (young.run.endedAt?.getTime() ?? 0)).toBe(14 * 24 * 3600 * 1000);
});

test("begins once a day at its time, as the mode says, whoever comes first", async () => {
  const day = (time: string) => new Date(`2030-01-02T${time}Z`);
  const { db } = database;
  await setSettings(context(new Date("2030-01-01T12:00:00Z")), { mode: "report", at: "03:00" });
  expect(await startDueCleanup(db, day("02:59:59"))).toBeNull();
  const ids = await Promise.all([1, 2, 3].map(() => startDueCleanup(db, day("03:00:00"))));
  expect(ids.filter((id) => id !== null)).toHaveLength(1);
  const [report] = (await listCleanups(db, { limit: 1 })).items;
  expect(report).toMatchObject({ status: "reported", isScheduled: true });
  expect(report?.startedBy).toBe("system:schedule");
  expect(await startDueCleanup(db, day("23:00:00"))).toBeNull();
  await setSettings(context(day("23:00:00")), { mode: "off" });
  expect(await startDueCleanup(db, new Date("2030-01-03T04:00:00Z"))).toBeNull();
  await setSettings(context(new Date("2030-01-03T04:00:00Z")), { mode: "remove" });
  expect(await startDueCleanup(db, new Date("2030-01-04T04:00:00Z"))).not.toBeNull();
  const [removal] = (await listCleanups(db, { limit: 1 })).items;
  expect(removal?.status).not.toBe("reported");
  const wrong = setSettings(context(), { at: "25:00" });
  await expect(wrong).rejects.toMatchObject({ code: "bad_input" });
});

test("a new installation makes a dry run only, and not before its first night", async () => {
  const { db } = database;
  await db.delete(cleanupSettings);
  expect(await startDueCleanup(db, new Date("2031-01-01T12:00:00Z"))).toBeNull();
  expect(await startDueCleanup(db, new Date("2031-01-01T23:59:00Z"))).toBeNull();
  expect(await startDueCleanup(db, new Date("2031-01-02T03:00:00Z"))).not.toBeNull();
  expect((await listCleanups(db, { limit: 1 })).items[0]).toMatchObject({ status: "reported" });
});
