import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { doctorReports, workers } from "@/db/schema";
import { checkHost } from "@/server/doctor/check-host";
import { checkInvariants } from "@/server/doctor/check-invariants";
import type { DoctorHost } from "@/server/doctor/host-facts";
import { producerOf } from "@/server/jobs/jobs";
import { startRun } from "@/server/runs/start-run";
import { openTrialInstallation, type TrialInstallation } from "./testing";

let trial: TrialInstallation;
let host: DoctorHost;
beforeAll(async () => {
  trial = await openTrialInstallation();
  await trial.startWorker({ slots: 4 });
  await trial.defineWorkflow("short", {
    command:
      'seq 1 200; echo "$COPPICE_RUN_ID" > mine; git add mine; git commit -qm mine; echo x > y',
  });
  const { db } = trial.database;
  const [worker] = await db.select().from(workers);
  if (!worker) throw new Error("no worker");
  const jobs = await producerOf(db);
  host = { db, jobs, home: trial.home, worker, confine: (argv) => argv };
});
afterAll(() => trial?.end());

it("looks at its host right after a worker's start", async () => {
  const read = () =>
    host.db.select().from(doctorReports).where(eq(doctorReports.workerId, host.worker.id));
  while ((await read()).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  const [report] = await read();
  expect(report).toMatchObject({ isJudged: true, differences: [] });
});

it("accuses nobody while runs come and go, and afterwards everything agrees", async () => {
  const ids = await Promise.all(
    Array.from({ length: 16 }, async () => {
      const wish = { workflow: "short", repository: "sample", message: "go" };
      return (await startRun(trial.context(), wish)).runId;
    }),
  );
  let isOver = false;
  const ended = Promise.all(ids.map((id) => trial.waitForEnd(id))).finally(() => {
    isOver = true;
  });
  const seen: unknown[] = [];
  const hosts = [{ home: trial.home, workerId: host.worker.id }];
  while (!isOver) {
    seen.push(...(await checkHost(host)).differences);
    seen.push(...(await checkInvariants({ db: host.db, hosts })));
  }
  expect((await ended).map(({ status }) => status)).toEqual(ids.map(() => "succeeded"));
  expect(seen).toEqual([]);
  expect((await checkHost(host, { settleSeconds: 0, asksOrigins: "all" })).differences).toEqual([]);
  expect(await checkInvariants({ db: host.db, hosts, graceSeconds: 0 })).toEqual([]);
}, 120_000);
