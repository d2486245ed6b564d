import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { eq } from "drizzle-orm";
import { afterEach, beforeEach, expect, it } from "vitest";
import { connectDatabase } from "@/db/client";
import { attempts, doctorReports, runs, workspaces } from "@/db/schema";
import { checkHost } from "./check-host";
import { fixDifference } from "./fix-difference";
import { type DoctorSite, openDoctorSite } from "./testing";

let site: DoctorSite;
beforeEach(async () => {
  site = await openDoctorSite();
});
afterEach(() => site.end());

const listAll = (folder: string) => readdirSync(folder, { recursive: true }).sort();

it("finds nothing where everything agrees, and says what it compared", async () => {
  await site.placeRun("succeeded");
  await site.placeRun("queued");
  const report = await checkHost(site.host, { settleSeconds: -1, asksOrigins: "all" });
  expect(report.differences).toEqual([]);
  expect(report.isJudged).toBe(true);
  const counted = Object.fromEntries(report.compared.map(({ what, count }) => [what, count]));
  expect(counted).toMatchObject({
    "workspace folders": 2,
    "control folders": 1,
    mirrors: 1,
    "recorded commits": 2,
    refs: 1,
    origins: 1,
  });
});

it("keeps one report a worker, and the day on which a difference was first seen", async () => {
  mkdirSync(path.join(site.home, "workspaces", site.repository.id, "strange"), { recursive: true });
  await site.check();
  const read = async () => {
    const [row] = await site.db.select().from(doctorReports);
    return row;
  };
  const first = await read();
  await site.check();
  const second = await read();
  expect(await site.db.select().from(doctorReports)).toHaveLength(1);
  expect(second?.at.getTime()).toBeGreaterThan(first?.at.getTime() ?? 0);
  expect(second?.differences).toHaveLength(1);
  expect(second?.differences[0]?.since).toBe(first?.differences[0]?.since);
  expect(second?.counts).toEqual({ critical: 0, warning: 1, note: 0 });
});

it("tells of a clock that differs from the database's by more than five seconds", async () => {
  await site.db.execute(`create schema fake`);
  await site.db.execute(`create function fake.clock_timestamp() returns timestamptz language sql as
    $$ select pg_catalog.clock_timestamp() - interval '1 hour' $$`);
  const name = new URL(site.database.url).pathname.slice(1);
  await site.db.execute(`alter database ${name} set search_path = fake, public, pg_catalog`);
  const db = connectDatabase({
    ...{ url: site.database.url, maxConnections: 1, name: "clock-test" },
    onError: (error) => console.error(error),
  });
  const { differences } = await checkHost({ ...site.host, db }, { settleSeconds: -1 });
  await db.$client.end();
  expect(differences.map(({ kind }) => kind)).toEqual(["clock_differs"]);
  expect(differences[0]?.title).toMatch(
    /^The clock of this host is 36\d\d s ahead of the database's\.$/,
  );
});

it("calls everything unknown and offers nothing when the home has lost its mark", async () => {
  await breakEverything();
  renameSync(path.join(site.home, "installation"), path.join(site.home, "installation.away"));
  const report = await checkHost(site.host, { settleSeconds: -1 });
  expect(report.isJudged).toBe(false);
  expect(report.compared).toEqual([]);
  expect(report.differences).toEqual([
    expect.objectContaining({ kind: "home_not_marked", fixes: [] }),
  ]);
});

it("calls everything unknown when the disk of the workspaces is not mounted", async () => {
  await site.placeRun("succeeded");
  renameSync(path.join(site.home, "workspaces"), path.join(site.home, "away"));
  mkdirSync(path.join(site.home, "workspaces"));
  const found = await site.findOnly("home_not_marked");
  expect(found.title).toContain("workspaces is missing or empty");
  expect(found.fixes).toEqual([]);
});

it("refuses a fix when the difference is gone, changed, or the home is no longer its own", async () => {
  const strange = path.join(site.home, "workspaces", "strange");
  mkdirSync(strange, { recursive: true });
  const found = await site.findOnly("folder_without_row");
  const steps = ["Delete everything."];
  await expect(
    site.fix({ ...found, fixes: [{ action: "quarantine", label: "", steps }] }, "quarantine"),
  ).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining("has changed") });
  await expect(site.fix(found, "end_processes")).rejects.toMatchObject({ code: "conflict" });
  rmSync(strange, { recursive: true });
  await expect(site.fix(found, "quarantine")).rejects.toMatchObject({
    code: "conflict",
    message: "This difference is gone; there is nothing to fix.",
  });
});

it("moves and deletes nothing under an empty or foreign database, and says what is wrong", async () => {
  await breakEverything();
  const found = await site.check();
  const before = listAll(site.home);
  const foreign = await openDoctorSite();
  try {
    const host = { ...site.host, db: foreign.db, jobs: foreign.jobs };
    for (const isEmpty of [false, true]) {
      if (isEmpty) await foreign.db.execute("delete from installation");
      const report = await checkHost(host, { settleSeconds: -1 });
      expect(report.differences).toEqual([
        expect.objectContaining({ kind: "other_installation", fixes: [] }),
      ]);
      for (const { key, fixes } of found) {
        for (const { action, steps } of fixes) {
          await expect(fixDifference(host, { key, action, steps }, -1)).rejects.toMatchObject({
            code: "conflict",
          });
        }
      }
    }
    expect(listAll(site.home)).toEqual(before);
  } finally {
    await foreign.end();
  }
});

it("loses nothing when a database of the same installation was restored from yesterday", async () => {
  const { run, folder, workspace } = await site.placeRun("succeeded");
  const before = listAll(site.home);
  await site.db.transaction(async (tx) => {
    await tx.execute("set local session_replication_role = replica");
    await tx.delete(attempts).where(eq(attempts.runId, run.id));
    await tx.delete(runs).where(eq(runs.id, run.id));
    await tx.delete(workspaces).where(eq(workspaces.id, workspace.id));
  });
  const kinds = (await site.check()).map(({ kind }) => kind).sort();
  expect(kinds).toEqual(["control_without_attempt", "folder_without_row", "ref_without_run"]);
  expect(listAll(site.home)).toEqual(before);
  expect(existsSync(folder)).toBe(true);
});

/** Folders and commits that disagree with the rows. */
async function breakEverything(): Promise<void> {
  const { run } = await site.placeRun("succeeded");
  site.git("update-ref", "-d", `refs/coppice/runs/${run.id}/head`);
  mkdirSync(path.join(site.home, "workspaces", "strange"), { recursive: true });
  mkdirSync(path.join(site.home, "shadows", `${randomUUID()}.git`), { recursive: true });
}
