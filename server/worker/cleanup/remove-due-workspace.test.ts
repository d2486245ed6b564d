import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { and, eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { auditLog, cleanupItems, installation, pins, snapshots, workspaces } from "@/db/schema";
import { abortCleanup } from "@/server/cleanup/abort-cleanup";
import { holdForReading } from "@/server/cleanup/hold-for-reading";
import { startRun } from "@/server/runs/start-run";
import { mirrorPath, trashPath } from "@/server/workspaces/layout";
import { carryOutItems } from "./carry-out-items";
import { type CleanupTrial, dueAtOnce, openCleanupTrial } from "./testing";

let trial: CleanupTrial;
beforeAll(async () => {
  trial = await openCleanupTrial();
  await trial.defineWorkflow("plain", {
    command: `printf 'node_modules/\\n.env\\n' > .gitignore; echo one > one; git add -A
      git commit -qm one`,
  });
  await trial.defineWorkflow("look", { command: "ls" });
});
afterAll(() => trial?.end());
beforeEach(() => trial.setRules(dueAtOnce));

/** A run that has ended, its workspace on the disk, and no worker that acts by itself. */
async function endedRun() {
  const worker = await trial.startWorker();
  const run = await trial.runToEnd("plain");
  await worker.kill("SIGTERM");
  return { run, folder: run.workspacePath ?? "" };
}

/**
 * A cleanup of what is due now, of which a worker in this process carries out its part when `turn` is
 * called; answers what became of the run's workspace.
 */
async function planCleanup(run: { workspaceId: string }) {
  const opened = await trial.openWorker();
  const { id } = await trial.start();
  const turn = async () => {
    await carryOutItems(opened.context).finally(() => opened.close());
    return (await trial.itemsOf(id)).find((one) => one.workspaceId === run.workspaceId);
  };
  return { id, turn };
}

const git = (run: { repositoryId: string }, ...args: string[]) => {
  const mirror = mirrorPath(trial.home, run.repositoryId as Parameters<typeof mirrorPath>[1]);
  return execFileSync("git", ["--git-dir", mirror, ...args], { encoding: "utf8" }).trim();
};

test("removes what is due, keeps every file of it, and can make it again", async () => {
  const { run, folder } = await endedRun();
  writeFileSync(join(folder, "later.txt"), "left after the run\n");
  writeFileSync(join(folder, ".env"), "KEY=1\n");
  const { id, turn } = await planCleanup(run);
  const item = await turn();
  expect(item).toMatchObject({ status: "removed", why: null, loses: [] });
  expect(item?.freedBytes).toBeGreaterThan(0);
  expect(existsSync(folder)).toBe(false);
  const { keptFilesCommit, ...row } = await trial.workspaceOf(run);
  expect(row).toMatchObject({ state: "removed", bytes: 0 });
  expect(keptFilesCommit).toMatch(/^[0-9a-f]{40}$/);
  const kept = await trial.database.db.select().from(snapshots).where(eq(snapshots.runId, run.id));
  const last = kept.at(-1);
  expect(git(run, "show", `${last?.ref}:later.txt`)).toBe("left after the run");
  const done = await trial.waitForCleanup(id);
  expect(done).toMatchObject({ status: "done", failed: 0 });
  const [entry] = await trial.database.db
    .select()
    .from(auditLog)
    .where(
      and(
        eq(auditLog.target, `workspace:${run.workspaceId}`),
        eq(auditLog.action, "workspace.removed"),
      ),
    );
  expect(entry?.facts).toMatchObject({ cleanup: id, by: "member:Tess", snapshotRef: last?.ref });
  const worker = await trial.startWorker();
  const again = await trial.runToEnd("look", run.sessionId);
  await worker.kill("SIGTERM");
  expect(again).toMatchObject({ status: "succeeded", workspacePath: folder });
  for (const name of ["one", "later.txt"]) expect(existsSync(join(folder, name))).toBe(true);
});

test("keeps a workspace whose session is continued, however late before its turn", async () => {
  const { run, folder } = await endedRun();
  const { turn } = await planCleanup(run);
  const { runId } = await startRun(trial.context(), {
    ...{ workflow: "look", repository: "sample", message: "go on", sessionId: run.sessionId },
  });
  expect(await turn()).toMatchObject({
    ...{ status: "kept", why: expect.stringContaining("needs it") },
  });
  expect(await trial.workspaceOf(run)).toMatchObject({ state: "ready" });
  const worker = await trial.startWorker();
  expect(await trial.waitForEnd(runId)).toMatchObject({ status: "succeeded" });
  await worker.kill("SIGTERM");
  expect(existsSync(folder)).toBe(true);
});

test("waits for a continuation that is being committed, and then keeps its workspace", async () => {
  const { run } = await endedRun();
  const { turn } = await planCleanup(run);
  let taken: ReturnType<typeof turn> | undefined;
  await trial.database.db.transaction(async (tx) => {
    await tx.execute(`insert into pins (id, kind, workspace_id, created_by, created_at)
      values (gen_random_uuid(), 'member', '${run.workspaceId}', 'member:Ada', now())`);
    taken = turn();
    await waitForRowLock();
  });
  expect(await taken).toMatchObject({
    status: "kept",
    why: expect.stringContaining("Ada pinned it"),
  });
  await trial.database.db.delete(pins);
});

async function waitForRowLock(): Promise<void> {
  for (;;) {
    const { rows } = await trial.database.db.execute(
      `select 1 from pg_stat_activity where datname = current_database()
        and wait_event_type = 'Lock' and query like '%for update%'`,
    );
    if (rows.length > 0) return;
  }
}

test("leaves a workspace alone while somebody reads it", async () => {
  const { run, folder } = await endedRun();
  const { turn } = await planCleanup(run);
  const { workspaceId } = run;
  const hold = await holdForReading(trial.database.db, { workspaceId });
  expect(await turn()).toMatchObject({ status: "kept" });
  expect(existsSync(folder)).toBe(true);
  await hold.release();
  expect(await (await planCleanup(run)).turn()).toMatchObject({ status: "removed" });
});

test("removes nothing for a home without its mark, nor for another or an emptied database", async () => {
  const { run, folder } = await endedRun();
  const mark = join(trial.home, "installation");
  const id = readFileSync(mark, "utf8");
  const opened = await trial.openWorker();
  const attempt = async () => {
    const cleanup = await trial.start();
    await carryOutItems(opened.context);
    const [item] = await trial.itemsOf(cleanup.id);
    expect(item).toMatchObject({ status: "kept", freedBytes: null });
    expect(existsSync(join(folder, "one"))).toBe(true);
    expect(await trial.workspaceOf(run)).toMatchObject({ state: "ready" });
    return item?.why;
  };
  rmSync(mark);
  expect(await attempt()).toContain("has no installation mark");
  writeFileSync(mark, "22222222-2222-4222-8222-222222222222\n");
  expect(await attempt()).toContain("belongs to another installation");
  writeFileSync(mark, id);
  const [row] = await trial.database.db.select().from(installation);
  if (!row) throw new Error("no installation");
  const other = { id: "33333333-3333-4333-8333-333333333333" };
  await trial.database.db.update(installation).set(other);
  expect(await attempt()).toContain("not the one that this worker started with");
  await trial.database.db.delete(installation);
  expect(await attempt()).toContain("not the one that this worker started with");
  await trial.database.db.insert(installation).values(row);
  await opened.close();
});

test("removes nothing where a folder is missing that should be there", async () => {
  const { run, folder } = await endedRun();
  rmSync(folder, { recursive: true });
  expect(await (await planCleanup(run)).turn()).toMatchObject({
    ...{ status: "kept", why: expect.stringContaining("mounted") },
  });
  expect(await trial.workspaceOf(run)).toMatchObject({ state: "ready" });
});

test("keeps a workspace in which something is stored nowhere, and says what", async () => {
  const { run, folder } = await endedRun();
  writeFileSync(join(folder, ".git/MERGE_HEAD"), `${run.baseCommit}\n`);
  expect(await (await planCleanup(run)).turn()).toMatchObject({
    ...{ status: "kept", why: expect.stringContaining("unfinished") },
  });
  expect(await trial.workspaceOf(run)).toMatchObject({ state: "ready" });
  expect(existsSync(folder)).toBe(true);
});

test("ends a removal that was killed while the folder was being deleted", async () => {
  const { run, folder } = await endedRun();
  for (let index = 0; index < 200; index++) {
    const inner = join(folder, `node_modules/p${index}`);
    mkdirSync(inner, { recursive: true });
    for (let file = 0; file < 100; file++) writeFileSync(join(inner, `${file}.js`), "x");
  }
  const worker = await trial.startWorker();
  const cleanup = await trial.start();
  const trash = trashPath(trial.home);
  while (!existsSync(trash) || readdirSync(trash).length === 0) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  await worker.kill("SIGKILL");
  expect(readdirSync(trash)).not.toEqual([]);
  expect(await trial.workspaceOf(run)).toMatchObject({ state: "removing" });
  const open = (await trial.itemsOf(cleanup.id)).find((one) => one.workspaceId === run.workspaceId);
  expect(open).toMatchObject({ status: "removing" });
  const next = await trial.startWorker();
  expect(await trial.waitForCleanup(cleanup.id)).toMatchObject({ status: "done", failed: 0 });
  await next.kill("SIGTERM");
  expect(await trial.workspaceOf(run)).toMatchObject({ state: "removed" });
  expect(readdirSync(trash)).toEqual([]);
  expect(git(run, "rev-parse", `refs/heads/${run.branch}`)).toBe(run.headCommit);
});

test("ends a removal that was killed before the folder went", async () => {
  const { run, folder } = await endedRun();
  const { turn } = await planCleanup(run);
  const [worker] = await trial.database.db.query.workers.findMany();
  await trial.database.db
    .update(cleanupItems)
    .set({ status: "removing", workerId: worker?.id })
    .where(eq(cleanupItems.workspaceId, run.workspaceId));
  await trial.database.db
    .update(workspaces)
    .set({ state: "removing" })
    .where(eq(workspaces.id, run.workspaceId));
  expect(await turn()).toMatchObject({ status: "removed" });
  expect(existsSync(folder)).toBe(false);
});

test("stops at an abort: what was not begun stays", async () => {
  const { run, folder } = await endedRun();
  const { id, turn } = await planCleanup(run);
  const aborted = await abortCleanup(trial.context(), { id });
  expect(aborted).toMatchObject({ status: "aborted", removed: 0 });
  expect(await turn()).toMatchObject({ status: "skipped" });
  expect(existsSync(folder)).toBe(true);
  await expect(abortCleanup(trial.context(), { id })).rejects.toMatchObject({
    code: "conflict",
  });
});
