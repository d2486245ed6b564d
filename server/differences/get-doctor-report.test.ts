import { afterAll, beforeAll, expect, test } from "vitest";
import { doctorReports } from "@/db/schema";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import { insertRun, insertWorker } from "@/db/testing-rows";
import type { Actor } from "@/server/domain/actor";
import { describeDifference } from "@/server/domain/difference";
import { askForFix } from "./ask-for-fix";
import { getDoctorReport } from "./get-doctor-report";

const actor: Actor = { kind: "member", id: "m1", name: "Ada", role: "admin" };
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test("puts every host's newest report beside what the database itself shows", async () => {
  const { db } = database;
  const forge = await insertWorker(db, { name: "forge" });
  await insertWorker(db, { name: "never", stoppedAt: new Date() });
  const old = new Date(Date.now() - 3_600_000);
  const { run } = await insertRun(db, { statusSince: old });
  const stored = describeDifference({
    kind: "half_made_folder",
    of: "/x",
    title: "x was never finished.",
    subject: { path: "/x" },
    evidence: { folder: "/x" },
    workerId: forge.id,
  });
  await db.insert(doctorReports).values({
    workerId: forge.id,
    at: old,
    tookMs: 7,
    isJudged: true,
    compared: [{ what: "mirrors", count: 1 }],
    counts: { critical: 0, warning: 0, note: 3 },
    differences: [{ ...stored, since: old.toISOString() }],
  });
  const report = await getDoctorReport(db, new Date(), new Map([[forge.id, "It is busy."]]));
  expect(report.checkedAt).toEqual(old);
  expect(report.hosts).toMatchObject([
    { worker: "forge", isAlive: true, at: old, isJudged: true, problem: "It is busy." },
    { worker: "never", isAlive: false, at: null, isJudged: false, problem: null },
  ]);
  expect(report.counts).toEqual({ critical: 1, warning: 0, note: 3 });
  expect(report.differences).toMatchObject([
    { kind: "queued_run_without_job", subject: { runId: run.id }, worker: null, since: null },
    { kind: "half_made_folder", worker: "forge", since: old, label: "Half-made folder" },
  ]);
});

test("refuses to fix what no report shows, and asks no host", async () => {
  const context = { db: database.db, actor, now: new Date() };
  const wish = { key: "half_made_folder:gone:/y", action: "remove_half_made" as const };
  await expect(askForFix(context, { ...wish, steps: ["Delete /y."] })).rejects.toMatchObject({
    code: "conflict",
    message: "This difference is gone; there is nothing to fix.",
  });
});
