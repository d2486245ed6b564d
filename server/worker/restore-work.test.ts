import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { asc, eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { auditLog, commits, restores, type runs, snapshots, workspaces } from "@/db/schema";
import type { WorkspaceId } from "@/server/domain/ids";
import { restoreRun } from "@/server/restore/restore-run";
import { restoreSession } from "@/server/restore/restore-session";
import { restoreWorkspace } from "@/server/restore/restore-workspace";
import { takePatch } from "@/server/restore/take-patch";
import { continueSession } from "@/server/runs/continue-session";
import { startRun } from "@/server/runs/start-run";
import { removeWorkspace } from "@/server/workspace-records/remove-workspace";
import { mirrorPath } from "@/server/workspaces/layout";
import { runGit } from "@/server/workspaces/testing";
import { describeCommit, describeTree } from "@/server/workspaces/testing-random";
import { openTrialInstallation, type TrialInstallation, type TrialWorker } from "./testing";

let trial: TrialInstallation;
let worker: TrialWorker;
beforeAll(async () => {
  trial = await openTrialInstallation();
  worker = await trial.startWorker();
  const work = [
    'printf ".env\\nnode_modules/\\n" > .gitignore; git add .gitignore; git commit -qm Ignore',
    'echo "$COPPICE_MESSAGE" > committed.txt; git add committed.txt; git commit -qm Work',
    'printf "\\000\\377bytes" > left.bin; ln -s /etc/hosts link; echo secret > .env',
    "mkdir -p node_modules/x; echo x > node_modules/x/i.js; chmod +x count.js",
  ].join("; ");
  await trial.defineWorkflow("work", { command: work });
  await trial.defineWorkflow("look", { command: "cat committed.txt left.bin .env && echo > seen" });
  await trial.defineWorkflow("vandal", { command: "echo only here > only.txt; rm -rf .git" });
});
afterAll(() => trial?.end());

async function run(workflow: string, message = "do it") {
  const { runId } = await startRun(trial.context(), { workflow, repository: "sample", message });
  return trial.waitForEnd(runId);
}

async function workspaceOf(id: WorkspaceId) {
  const [row] = await trial.database.db.select().from(workspaces).where(eq(workspaces.id, id));
  if (!row?.path) throw new Error(`workspace ${id} has no path`);
  return { ...row, path: row.path };
}

const mirrorOf = ({ repositoryId }: typeof runs.$inferSelect) =>
  mirrorPath(trial.home, repositoryId);

it("takes a workspace away and brings it back at its path, with what a person had left in it too", async () => {
  const ended = await run("work");
  const { path: folder } = await workspaceOf(ended.workspaceId);
  writeFileSync(path.join(folder, "by-hand.txt"), "a person was here");
  rmSync(path.join(folder, "node_modules"), { recursive: true });
  const before = describeTree(folder);
  const removed = await removeWorkspace(trial.context(), { id: ended.workspaceId });
  expect(removed.state).toBe("removed");
  expect(existsSync(folder)).toBe(false);
  const kept = await trial.database.db
    .select()
    .from(snapshots)
    .where(eq(snapshots.runId, ended.id))
    .orderBy(asc(snapshots.number));
  expect(kept.map(({ number }) => number)).toEqual([1, 2]);
  expect(removed.headCommit).toBe(kept[1]?.sha);
  const back = await restoreWorkspace(trial.context(), { id: ended.workspaceId });
  expect(back).toMatchObject({ state: "ready", path: folder, removedAt: null });
  expect(describeTree(folder)).toEqual(before);
  expect(await restoreWorkspace(trial.context(), { id: ended.workspaceId })).toEqual(back);
  const at = { id: ended.workspaceId, at: ended.headCommit ?? "" };
  await expect(restoreWorkspace(trial.context(), at)).rejects.toMatchObject({ code: "conflict" });
});

it("goes on with a session whose workspace was removed, with its ignored files", async () => {
  const ended = await run("work", "from the first run");
  await removeWorkspace(trial.context(), { id: ended.workspaceId });
  const { sessionId } = ended;
  const next = { sessionId, workflow: "look", message: "look" };
  const { runId } = await continueSession(trial.context(), next);
  expect(await trial.waitForEnd(runId)).toMatchObject({ status: "succeeded", filesChanged: 1 });
});

it("restores at a chosen commit, by its first digits or by a snapshot's number", async () => {
  const ended = await run("work");
  const listed = await trial.database.db
    .select()
    .from(commits)
    .where(eq(commits.runId, ended.id))
    .orderBy(asc(commits.position));
  const [first] = listed;
  await removeWorkspace(trial.context(), { id: ended.workspaceId });
  const at = first?.sha.slice(0, 12);
  const { path: folder } = await restoreWorkspace(trial.context(), { id: ended.workspaceId, at });
  expect(describeTree(folder ?? "")).toEqual(describeCommit(mirrorOf(ended), first?.sha ?? ""));
  const snapshot = { runId: ended.id, at: "1", way: "workspace" } as const;
  expect((await restoreRun(trial.context(), snapshot)).sha).toBe(ended.headCommit);
  for (const wrong of ["99", "0123456789"]) {
    await expect(restoreRun(trial.context(), { ...snapshot, at: wrong })).rejects.toMatchObject({
      code: "not_found",
    });
  }
});

it("makes a new workspace of a run's head, in which a new run begins exactly there", async () => {
  const ended = await run("work");
  const made = await restoreSession(trial.context(), {
    sessionId: ended.sessionId,
    way: "workspace",
    idempotencyKey: "once",
  });
  const row = await workspaceOf(made.workspace?.id as WorkspaceId);
  expect(row).toMatchObject({ state: "ready", kind: "temporary", headCommit: ended.headCommit });
  expect(describeTree(row.path)).toEqual(describeCommit(mirrorOf(ended), ended.headCommit ?? ""));
  expect(runGit(row.path, "branch", "--show-current")).toBe(made.branch);
  const again = await restoreRun(trial.context(), {
    ...{ runId: ended.id, way: "workspace", idempotencyKey: "once" },
  });
  expect(again).toEqual(made);
  const { runId } = await continueSession(trial.context(), {
    ...{ sessionId: row.sessionId as NonNullable<typeof row.sessionId>, message: "second" },
  });
  const next = await trial.waitForEnd(runId);
  expect(next).toMatchObject({ baseCommit: ended.headCommit, workspacePath: row.path });
  expect(runGit(mirrorOf(ended), "rev-parse", made.branch)).toBe(next.headCommit);
  expect(runGit(mirrorOf(ended), "rev-parse", ended.branch ?? "")).toBe(ended.headCommit);
  expect((await removeWorkspace(trial.context(), { id: row.id })).state).toBe("removed");
});

it("makes a branch, once, and never moves one that is there", async () => {
  const ended = await run("work");
  const wish = { runId: ended.id, way: "branch", branch: "back/again" } as const;
  const made = await Promise.all([1, 2].map(() => restoreRun(trial.context(), wish)));
  expect(made[0]).toEqual(made[1]);
  expect(runGit(mirrorOf(ended), "rev-parse", "back/again")).toBe(ended.headCommit);
  const other = await run("work", "another");
  await expect(restoreRun(trial.context(), { ...wish, runId: other.id })).rejects.toMatchObject({
    code: "conflict",
  });
  for (const branch of ["main", "back", ended.branch ?? ""]) {
    await expect(
      restoreRun(trial.context(), { runId: other.id, way: "branch", branch }),
    ).rejects.toMatchObject({ code: "conflict", hint: expect.stringMatching(/“.+-2” is free/) });
  }
  expect(runGit(mirrorOf(ended), "rev-parse", "back/again")).toBe(ended.headCommit);
  const left = await trial.database.db.select().from(restores).where(eq(restores.runId, other.id));
  expect(left).toEqual([]);
  const [audited] = await trial.database.db
    .select()
    .from(auditLog)
    .where(eq(auditLog.target, `run:${ended.id}`))
    .orderBy(asc(auditLog.id))
    .offset(1);
  expect(audited).toMatchObject({ action: "run.restore_asked", facts: { branch: "back/again" } });
});

it("hands out a patch that makes the very same tree", async () => {
  const ended = await run("work");
  for (const at of [null, "1", null]) {
    const patch = await takePatch(trial.context(), { id: ended.id, at });
    const pieces: Uint8Array[] = [];
    for await (const piece of patch.bytes) pieces.push(piece);
    const bytes = Buffer.concat(pieces);
    expect(bytes).toHaveLength(patch.totalBytes);
    const checkout = path.join(trial.home, "checkout");
    rmSync(checkout, { recursive: true, force: true });
    runGit(trial.home, "clone", "-q", mirrorOf(ended), "-b", ended.branch ?? "", checkout);
    runGit(checkout, "reset", "-q", "--hard", ended.baseCommit ?? "");
    execFileSync("git", ["apply", "--index", "-"], { cwd: checkout, input: bytes });
    expect(runGit(checkout, "write-tree")).toBe(
      runGit(mirrorOf(ended), "rev-parse", `${ended.headCommit}^{tree}`),
    );
  }
});

it("puts a workspace that cannot be stored whole in quarantine, and back as it was", async () => {
  const ended = await run("vandal");
  const { path: folder } = await workspaceOf(ended.workspaceId);
  const before = describeTree(folder);
  expect((await removeWorkspace(trial.context(), { id: ended.workspaceId })).state).toBe(
    "quarantined",
  );
  const away = await workspaceOf(ended.workspaceId);
  expect(away.quarantineWhy).toMatch(/commits are not all stored/);
  expect(path.dirname(away.quarantinePath ?? "")).toBe(path.join(trial.home, "quarantine"));
  expect(describeTree(away.quarantinePath ?? "")).toEqual(before);
  expect(readFileSync(`${away.quarantinePath}.note.txt`, "utf8")).toContain(folder);
  await expect(removeWorkspace(trial.context(), { id: ended.workspaceId })).rejects.toMatchObject({
    code: "conflict",
  });
  const back = await restoreWorkspace(trial.context(), { id: ended.workspaceId });
  expect(back).toMatchObject({ state: "ready", path: folder });
  expect(describeTree(folder)).toEqual(before);
  expect(existsSync(away.quarantinePath ?? "")).toBe(false);
});

it("deletes nothing while the database has not recorded what was captured", async () => {
  const { db } = trial.database;
  const ended = await run("work");
  const { path: folder } = await workspaceOf(ended.workspaceId);
  writeFileSync(path.join(folder, "by-hand.txt"), "precious");
  await db.execute(sql`create function refuse_snapshot() returns trigger language plpgsql as
    $$ begin raise exception 'no room'; end $$`);
  await db.execute(sql`create trigger refuse_snapshot before insert on snapshots
    for each row execute function refuse_snapshot()`);
  await expect(removeWorkspace(trial.context(), { id: ended.workspaceId })).rejects.toThrow();
  expect(readFileSync(path.join(folder, "by-hand.txt"), "utf8")).toBe("precious");
  expect((await workspaceOf(ended.workspaceId)).state).toBe("ready");
  await db.execute(sql`drop trigger refuse_snapshot on snapshots`);
  expect((await removeWorkspace(trial.context(), { id: ended.workspaceId })).state).toBe("removed");
});

it("cleans a persistent workspace for another session only when what lay there is in the database", async () => {
  const { db } = trial.database;
  await trial.defineWorkflow("shared", { command: "echo own > own.txt", workspace: "persistent" });
  const first = await run("shared");
  const { path: folder } = await workspaceOf(first.workspaceId);
  writeFileSync(path.join(folder, "by-hand.txt"), "precious");
  await db.execute(sql`create trigger refuse_snapshot before insert on snapshots
    for each row execute function refuse_snapshot()`);
  const refused = await run("shared");
  expect(refused).toMatchObject({ status: "failed" });
  expect(readFileSync(path.join(folder, "by-hand.txt"), "utf8")).toBe("precious");
  await db.execute(sql`drop trigger refuse_snapshot on snapshots`);
  expect(await run("shared")).toMatchObject({ status: "succeeded" });
  expect(existsSync(path.join(folder, "by-hand.txt"))).toBe(false);
  const kept = await db.select().from(snapshots).where(eq(snapshots.runId, refused.id));
  const shas = kept.map(({ sha }) => runGit(mirrorOf(first), "show", `${sha}:by-hand.txt`));
  expect(shas).toEqual(["precious"]);
});

it("completes a restore whose worker was killed before, at and after the first thing it made", async () => {
  const ended = await run("work");
  await worker.kill("SIGTERM");
  const folder = path.join(trial.home, "..", `${path.basename(trial.home)}-stopping`);
  const steps = ["cat-file *", "update-ref *", "read-tree -u *"];
  for (const step of steps) {
    const hasStopped = writeStoppingGit(folder, step);
    worker = await trial.startWorker({ environment: { PATH: `${folder}:${process.env.PATH}` } });
    const asked = restoreRun(trial.context(), {
      ...{ runId: ended.id, way: "workspace", idempotencyKey: step },
    });
    const stopped = await hasStopped();
    await worker.kill("SIGKILL");
    process.kill(stopped, "SIGKILL");
    const [before] = await trial.database.db
      .select()
      .from(restores)
      .where(eq(restores.idempotencyKey, step));
    expect(before).toMatchObject({ state: "asked" });
    worker = await trial.startWorker();
    const made = await asked;
    if (before?.workspaceId) expect(made.workspace?.id).toBe(before.workspaceId);
    const row = await workspaceOf(made.workspace?.id as WorkspaceId);
    expect(row.state).toBe("ready");
    expect(describeTree(row.path)).toEqual(describeCommit(mirrorOf(ended), made.sha));
    await worker.kill("SIGTERM");
  }
  const rows = await trial.database.db.select().from(restores).where(eq(restores.runId, ended.id));
  expect(new Set(rows.map(({ workspaceId }) => workspaceId)).size).toBe(steps.length);
  rmSync(folder, { recursive: true });
}, 120_000);

/** A git that stops for good at the first command of this form; then its pid is told. */
function writeStoppingGit(folder: string, step: string): () => Promise<number> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  const marker = path.join(folder, "stopped");
  writeFileSync(
    path.join(folder, "git"),
    `#!/bin/sh
case "$* " in ${step.replaceAll(" ", "\\ ").replace("\\ *", "*")})
  if mkdir "${folder}/once" 2>/dev/null; then
    echo $$ > "${marker}.new"; mv "${marker}.new" "${marker}"; exec sleep 600
  fi ;;
esac
PATH="${process.env.PATH}" exec git "$@"
`,
  );
  chmodSync(path.join(folder, "git"), 0o755);
  return async () => {
    while (!existsSync(marker)) await new Promise((resolve) => setTimeout(resolve, 10));
    return Number(readFileSync(marker, "utf8"));
  };
}
