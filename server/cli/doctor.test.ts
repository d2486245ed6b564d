import { randomBytes, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, utimesSync } from "node:fs";
import type { Server } from "node:http";
import path from "node:path";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { auditLog, repositories, workers, workspaces } from "@/db/schema";
import { answerHealth } from "@/server/api/rest/answer-health";
import { answerRest } from "@/server/api/rest/answer-rest";
import { makeTestToken } from "@/server/api/testing";
import { createDoor, type Door } from "@/server/auth/door";
import { readAddresses } from "@/server/auth/read-addresses";
import type { DoctorReport } from "@/server/domain/difference";
import { runIdSchema, workspaceIdSchema } from "@/server/domain/ids";
import { producerOf } from "@/server/jobs/jobs";
import { sendRunJob } from "@/server/jobs/send-run-job";
import { startRun } from "@/server/runs/start-run";
import { openTrialInstallation, type TrialInstallation } from "@/server/worker/testing";
import { callCli, serve, stop } from "./testing";

let trial: TrialInstallation;
let server: Server;
let door: Door;
let url: string;
let strange: string;
let token: string;

/** A real web, database, queue and worker process. */
beforeAll(async () => {
  trial = await openTrialInstallation();
  const addresses = readAddresses({ PORT: "3000", COPPICE_URL: "https://coppice.example.com" });
  const secret = randomBytes(32).toString("base64url");
  door = createDoor({ db: trial.database.db, secret, addresses });
  ({ server, url } = await serve((request) => {
    const address = new URL(request.url).pathname.slice("/api/v1".length);
    return address === "/health"
      ? answerHealth(async () => door)
      : answerRest(door, request, address);
  }));
  token = await makeTestToken(door, "admin");
  await trial.startWorker();
  await trial.defineWorkflow("plain", { command: "true" });
  const wish = { workflow: "plain", repository: "sample", message: "make the mirror" };
  await trial.waitForEnd((await startRun(trial.context(), wish)).runId);
});
afterAll(async () => {
  if (server) await stop(server);
  await trial?.end();
});

const call = (args: string[], given: Parameters<typeof callCli>[1] = {}) =>
  callCli(["doctor", ...args], { url, token, ...given });
const kindsOf = (out: string) => {
  const { report } = JSON.parse(out) as { report: DoctorReport };
  return report.differences.map(({ kind }) => kind);
};

/** A folder that nobody knows, and one that was never finished. */
beforeEach(async () => {
  const [repository] = await trial.database.db.select().from(repositories);
  if (!repository) throw new Error("no sample repository");
  const root = path.join(trial.home, "workspaces", repository.id);
  strange = path.join(root, randomUUID());
  const half = `${path.join(root, randomUUID())}.new-${randomUUID()}`;
  for (const folder of [strange, half]) mkdirSync(folder, { recursive: true });
  utimesSync(half, 1, 1);
});

test("finds, explains and mends what differs, each step said before it is done", async () => {
  const found = await call(["--json"]);
  expect(found).toMatchObject({ exitCode: 1, complaints: "" });
  expect(kindsOf(found.out)).toEqual(["folder_without_row", "half_made_folder"]);

  const told = await call([]);
  expect(told.exitCode).toBe(1);
  expect(told.out).toContain("warning  A folder among the workspaces is none that the database");
  expect(told.out).toContain(`folder: ${strange}`);
  expect(told.out).toContain("--fix would: adopt as a workspace (or, on the page: put into");
  expect(told.out).toContain("2 differences: 0 critical, 1 warnings, 1 notes.");

  const asked: string[] = [];
  const refused = await call(["--fix"], {
    confirm: async (question) => {
      asked.push(question);
      return false;
    },
  });
  expect(refused.exitCode).toBe(1);
  expect(asked).toEqual(["Do this?", "Do this?"]);
  expect(existsSync(strange)).toBe(true);

  const mended = await call(["--fix", "--yes"]);
  expect(mended.complaints).toContain(`at ${strange}. The folder stays as it is.`);
  expect(mended.complaints).toContain("✓ Made the workspace");
  expect(mended.complaints).toContain("✓ Deleted");
  expect(mended).toMatchObject({ exitCode: 0 });
  expect(mended.out).toContain("No differences.");
  const id = workspaceIdSchema.parse(path.basename(strange));
  const [adopted] = await trial.database.db.select().from(workspaces).where(eq(workspaces.id, id));
  expect(adopted).toMatchObject({ state: "ready", path: strange });
  const actions = (await trial.database.db.select().from(auditLog)).map(({ action }) => action);
  expect(actions.filter((action) => action.startsWith("doctor.fix"))).toEqual([
    ...["doctor.fix_asked", "doctor.fixed", "doctor.fix_asked", "doctor.fixed"],
  ]);
});

test("touches nothing where nobody can be asked, or for a token that may not", async () => {
  const before = readdirSync(trial.home, { recursive: true }).sort();
  const unasked = await call(["--fix"]);
  expect(unasked).toMatchObject({ exitCode: 64 });
  expect(unasked.complaints).toContain("--yes carries the fixes out unasked");
  const operator = await makeTestToken(door, "operator");
  const refused = await call(["--fix", "--yes"], { token: operator });
  expect(refused.exitCode).toBe(1);
  expect(refused.complaints).toContain("This needs the role “admin”.");
  expect(existsSync(strange)).toBe(true);
  const after = readdirSync(trial.home, { recursive: true }).sort();
  expect(after).toEqual(before);
  await call(["--fix", "--yes"]);
});

test("mends what is in the database alone, by any worker", async () => {
  await call(["--fix", "--yes"]);
  const { db } = trial.database;
  const [worker] = await db.select().from(workers);
  const jobs = await producerOf(db);
  const later = new Date(Date.now() + 3_600_000);
  const sent = await db.transaction((tx) =>
    sendRunJob(jobs, tx, {
      runId: runIdSchema.parse(randomUUID()),
      workspaceId: workspaceIdSchema.parse(randomUUID()),
      ...{ workerName: worker?.name ?? null, priority: 0, availableAt: later },
    }),
  );
  expect(kindsOf((await call(["--json"])).out)).toEqual([]);
  await db.execute(sql`update pgboss.job set created_on = now() - interval '1 hour'
    where id = ${sent.jobId}`);
  expect(kindsOf((await call(["--json"])).out)).toEqual(["job_without_run"]);
  const mended = await call(["--fix", "--yes", "--json"]);
  expect(mended.complaints).toContain(`✓ Removed the job ${sent.jobId}`);
  expect(mended.exitCode).toBe(0);
});
