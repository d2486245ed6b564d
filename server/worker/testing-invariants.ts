import { spawn } from "node:child_process";
import { eq, type SQL, sql } from "drizzle-orm";
import { attempts, runs, workers, type workspaces } from "@/db/schema";
import { insertRun, insertSession } from "@/db/testing-rows";
import {
  type BrokenInvariant,
  type CheckInvariants,
  checkInvariants,
} from "@/server/doctor/check-invariants";
import type { RunId } from "@/server/domain/ids";
import { producerOf } from "@/server/jobs/jobs";
import { sendRunJob } from "@/server/jobs/send-run-job";
import { startRun } from "@/server/runs/start-run";
import { openTrialInstallation } from "./testing";

type WorkspaceId = (typeof workspaces.$inferSelect)["id"];
export type JudgedTrial = Awaited<ReturnType<typeof openJudgedTrial>>;

/** A system with one real run behind it and its worker stopped, for tests that plant breaches in it. */
export async function openJudgedTrial() {
  const trial = await openTrialInstallation();
  const started = await trial.startWorker();
  await trial.defineWorkflow("plain", {
    command: "seq 1 500; echo a > mine; git add mine; git commit -qm mine; echo b > left",
  });
  const wish = { workflow: "plain", repository: "sample", message: "do it" };
  const run = await trial.waitForEnd((await startRun(trial.context(), wish)).runId);
  await started.kill("SIGTERM");
  const { db } = trial.database;
  const [attempt] = await db.select().from(attempts);
  const [worker] = await db.select().from(workers);
  if (!attempt || !worker) throw new Error("the run left no attempt or no worker");
  const judge = (more: Partial<CheckInvariants> = {}): Promise<BrokenInvariant[]> =>
    checkInvariants({
      db,
      hosts: [{ home: trial.home, workerId: worker.id }],
      graceSeconds: 0,
      ...more,
    });

  /** Does what the database's own guards refuse, as a fault in them would. */
  async function force(...statements: SQL[]): Promise<void> {
    await db.transaction(async (tx) => {
      await tx.execute("set local session_replication_role = replica");
      for (const statement of statements) await tx.execute(statement);
    });
  }

  /** The events that a run of this status has. */
  async function tellStart(id: RunId): Promise<void> {
    const [found] = await db.select({ status: runs.status }).from(runs).where(eq(runs.id, id));
    const moves = [
      { from: null, to: "queued" },
      { from: "queued", to: "preparing" },
    ];
    for (const [index, data] of moves.slice(0, found?.status === "queued" ? 1 : 2).entries()) {
      await db.execute(sql`insert into run_events (run_id, seq, kind, at, actor, data) values
        (${id}, ${index + 1}, 'status_changed', now(), 'test', ${JSON.stringify(data)}::jsonb)`);
    }
  }

  return {
    db,
    home: trial.home,
    run,
    attempt,
    worker,
    judge,
    force,
    tellStart,
    end: () => trial.end(),
    /** What is said about one invariant. */
    ofKind: async (number: BrokenInvariant["invariant"]) =>
      (await judge()).filter(({ invariant }) => invariant === number).map(({ what }) => what),
    /** A real process with an attempt's mark, in the run's workspace. */
    startMarked: (runId: string, attemptId: string) =>
      spawn("sleep", ["600"], {
        env: {
          PATH: process.env.PATH,
          COPPICE_RUN_ID: runId,
          COPPICE_ATTEMPT_ID: attemptId,
          COPPICE_WORKSPACE: run.workspacePath ?? "",
        } as unknown as NodeJS.ProcessEnv,
        stdio: "ignore",
      }),
    /** Lets the stopped worker look alive again, as if it had beaten just now. */
    revive: () =>
      db.execute(sql`update workers set heartbeat_at = clock_timestamp(), stopped_at = null`),
    insertHeldRun: async () => {
      const session = await insertSession(db, {
        repositoryId: run.repositoryId,
        workspace: { state: "creating", workerId: worker.id, path: "/nowhere/yet" },
      });
      const given = { in: session, baseCommit: run.baseCommit, startedAt: null };
      const held = await insertRun(db, { ...given, status: "preparing", workerId: worker.id });
      await tellStart(held.run.id);
      return held;
    },
    send: async (runId: RunId, workspaceId: WorkspaceId) => {
      const jobs = await producerOf(db);
      const job = { runId, workspaceId, workerName: worker.name, priority: 0, availableAt: null };
      await db.transaction((tx) => sendRunJob(jobs, tx, job));
    },
    /** Takes a planted run and its jobs away, and puts the worker back as it was stopped. */
    remove: (id: RunId) =>
      force(
        sql`delete from run_events where run_id = ${id}`,
        sql`delete from attempts where run_id = ${id}`,
        sql`delete from workspaces where id in (select workspace_id from runs where id = ${id})`,
        sql`delete from runs where id = ${id}`,
        sql`delete from pgboss.job where data ->> 'runId' = ${id}`,
        sql`update workers set stopped_at = now(), heartbeat_at = to_timestamp(0), capacity = null`,
      ),
  };
}
