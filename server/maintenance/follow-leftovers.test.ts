import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { and, eq } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { attempts, workEntries, workspaces } from "@/db/schema";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import { insertAttempt } from "@/db/testing-rows";
import { recordAudit } from "@/server/audit/record-audit";
import type { RunId } from "@/server/domain/ids";
import { recordLeftovers } from "@/server/ledger/record-leftovers";
import { commitAll, writeTree } from "@/server/workspaces/testing";
import { followLeftovers } from "./follow-leftovers";
import { openWorkTrial, type WorkTrial } from "./testing-work";

let database: TestDatabase;
let trial: WorkTrial;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  trial = await openWorkTrial(database);
  writeFileSync(path.join(trial.at.home, "installation"), "here");
});
afterEach(() => trial.end());

type Trial = Awaited<ReturnType<WorkTrial["makeRun"]>>;
const look = () => followLeftovers(trial.place);
const leftoversOf = (runId: RunId, reason?: "left_out" | "uncaptured" | "set_aside" | "ignored") =>
  trial.db
    .select()
    .from(workEntries)
    .where(and(eq(workEntries.runId, runId), ...(reason ? [eq(workEntries.reason, reason)] : [])));
/** Where the row says the workspace is: these tests' workspaces lie where ids put them. */
const place = ({ workspace, folder }: Trial) =>
  trial.db.update(workspaces).set({ path: folder }).where(eq(workspaces.id, workspace.id));

test("enters what a snapshot left out, and follows it on the disk", async () => {
  const made = await trial.makeRun([{ "x.txt": "1" }]);
  await place(made);
  made.capture = { ...made.capture, maxFileBytes: 10 } as typeof made.capture;
  writeTree(made.folder, { "small.txt": "s", "big.bin": "far more than ten bytes" });
  await trial.record(made);
  await look();
  expect(await leftoversOf(made.run.id, "left_out")).toMatchObject([
    {
      title: "big.bin",
      why: expect.stringMatching(/larger/),
      sha: null,
      whereabouts: "in_workspace",
      lookedAt: expect.any(Date),
    },
  ]);
  rmSync(path.join(made.folder, "big.bin"));
  await look();
  expect(await leftoversOf(made.run.id, "left_out")).toMatchObject([{ whereabouts: "missing" }]);
});

test("enters a workspace that could not be captured, until a later attempt captures it", async () => {
  const made = await trial.makeRun([]);
  await place(made);
  const end = (headCommit: typeof trial.at.base | null, number: number) =>
    trial.db
      .update(attempts)
      .set({ endedAt: new Date(), headCommit, agentStartedAt: new Date() })
      .where(and(eq(attempts.runId, made.run.id), eq(attempts.number, number)));
  await end(null, 1);
  await look();
  expect(await leftoversOf(made.run.id)).toMatchObject([
    { reason: "uncaptured", title: made.workspace.path, whereabouts: "in_workspace" },
  ]);
  await insertAttempt(trial.db, { runId: made.run.id, workerId: trial.worker.id, number: 2 });
  await trial.db
    .update(workEntries)
    .set({ at: new Date(Date.now() - 1000) })
    .where(eq(workEntries.runId, made.run.id));
  await end(commitAll(made.folder, "Captured"), 2);
  await look();
  expect(await leftoversOf(made.run.id)).toMatchObject([{ whereabouts: "in_keep_ref" }]);
});

test("enters nothing for an attempt that was captured or whose agent never began", async () => {
  const made = await trial.makeRun([{ "x.txt": "1" }]);
  await trial.record(made);
  const unbegun = await trial.makeRun([]);
  await trial.db
    .update(attempts)
    .set({ endedAt: new Date(), headCommit: null })
    .where(eq(attempts.runId, unbegun.run.id));
  expect(await leftoversOf(made.run.id, "uncaptured")).toEqual([]);
  expect(await leftoversOf(unbegun.run.id)).toEqual([]);
});

test("calls what git ignores gone by the word of who had the workspace removed", async () => {
  const made = await trial.makeRun([]);
  await place(made);
  const leftovers = [{ reason: "ignored" as const, path: "What git ignores", why: "2 files" }];
  await recordLeftovers(trial.db, { runId: made.run.id, leftovers, now: new Date() });
  await look();
  expect(await leftoversOf(made.run.id)).toMatchObject([{ whereabouts: "in_workspace" }]);
  await trial.db.transaction((tx) =>
    recordAudit(tx, {
      actor: { kind: "member", id: "m1", name: "Ada", role: "operator" },
      action: "workspace.removal_asked",
      target: `workspace:${made.workspace.id}`,
      facts: {},
      now: new Date("2027-01-01T00:00:00Z"),
    }),
  );
  await trial.db
    .update(workspaces)
    .set({ state: "removed", removedAt: new Date("2027-01-01T00:00:01Z") })
    .where(eq(workspaces.id, made.workspace.id));
  await look();
  expect(await leftoversOf(made.run.id)).toMatchObject([
    {
      whereabouts: "gone",
      letGoBy: "member:Ada",
      letGoAt: new Date("2027-01-01T00:00:00Z"),
      letGoWhy: "Its workspace was removed.",
    },
  ]);
});

test("enters git folders that were set aside and workspaces in quarantine, once each", async () => {
  const made = await trial.makeRun([]);
  await place(made);
  const aside = path.join(trial.at.home, "set-aside", made.workspace.id, "2027-git");
  const away = path.join(trial.at.home, "quarantine", made.workspace.id);
  mkdirSync(aside, { recursive: true });
  mkdirSync(path.dirname(away), { recursive: true });
  renameSync(made.folder, away);
  await trial.db
    .update(workspaces)
    .set({ state: "quarantined", quarantinePath: away, quarantineWhy: "A file is unreadable." })
    .where(eq(workspaces.id, made.workspace.id));
  await look();
  await look();
  const entries = await leftoversOf(made.run.id, "set_aside");
  expect(entries.map(({ title, whereabouts }) => [title, whereabouts]).sort()).toEqual(
    [
      [aside, "in_workspace"],
      [away, "in_workspace"],
    ].sort(),
  );
  expect(entries.find(({ title }) => title === away)?.why).toBe("A file is unreadable.");
});

test("changes nothing while the home is not there, and when it looks twice", async () => {
  const made = await trial.makeRun([]);
  await place(made);
  const leftovers = [{ reason: "left_out" as const, path: "big.bin", why: "too large" }];
  await recordLeftovers(trial.db, { runId: made.run.id, leftovers, now: new Date() });
  writeTree(made.folder, { "big.bin": "1" });
  await look();
  const before = await leftoversOf(made.run.id);
  await look();
  renameSync(trial.at.home, `${trial.at.home}.away`);
  await look();
  expect(await leftoversOf(made.run.id)).toEqual(before);
});
