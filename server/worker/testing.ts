import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { asc, eq } from "drizzle-orm";
import { attempts, outputChunks, runEvents, runs } from "@/db/schema";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import { proveDead } from "@/server/agents/prove-dead";
import { readControl } from "@/server/agents/read-control";
import type { Actor } from "@/server/domain/actor";
import type { AttemptId, RunId } from "@/server/domain/ids";
import { isTerminal } from "@/server/domain/run-status";
import type { WorkflowDefinition } from "@/server/domain/workflow";
import { closeProducerOf } from "@/server/jobs/jobs";
import type { VerbContext } from "@/server/runs/context";
import { prepareInstallation } from "@/server/supervisor/prepare-installation";
import { createWorkflow } from "@/server/workflows/create-workflow";

const tester: Actor = { kind: "member", id: "tester", name: "Tess", role: "admin" };

type Run = typeof runs.$inferSelect;

/** A prepared installation whose workers are real processes; for tests. */
export interface TrialInstallation {
  database: TestDatabase;
  home: string;
  context(): VerbContext;
  startWorker(options?: TrialWorkerOptions): Promise<TrialWorker>;
  defineWorkflow(name: string, definition: Partial<WorkflowDefinition>): Promise<void>;
  waitFor(runId: RunId, isSo: (run: Run) => boolean): Promise<Run>;
  waitForEnd(runId: RunId): Promise<Run>;
  eventsOf(runId: RunId): Promise<(typeof runEvents.$inferSelect)[]>;
  outputOf(attemptId: AttemptId): Promise<Buffer>;
  end(): Promise<void>;
}

interface TrialWorkerOptions {
  name?: string;
  /** A home of its own stands for another host; the installation's otherwise. */
  home?: string;
  slots?: number;
  /** What starts the worker with the rest as its arguments, e.g. in a namespace of its own. */
  by?: string[];
  environment?: Record<string, string>;
}

export interface TrialWorker {
  pid: number;
  log: string[];
  kill(signal: NodeJS.Signals): Promise<void>;
}

export async function openTrialInstallation(): Promise<TrialInstallation> {
  const database = await createTestDatabase();
  const home = await mkdtemp(path.join(os.tmpdir(), "coppice-worker-"));
  await prepareInstallation({
    databaseUrl: database.url,
    home,
    publicUrl: "http://127.0.0.1:3000",
  });
  const started: TrialWorker[] = [];
  const context = () => ({ db: database.db, actor: tester, now: new Date() });
  const waitFor = (runId: RunId, isSo: (run: Run) => boolean) => waitOnRow(database, runId, isSo);
  return {
    database,
    home,
    context,
    startWorker: async (options = {}) => {
      const worker = await spawnWorker(database.url, home, options);
      started.push(worker);
      return worker;
    },
    defineWorkflow: async (name, definition) => {
      await createWorkflow(context(), { name, agent: "shell", ...definition });
    },
    waitFor,
    waitForEnd: (runId) => waitFor(runId, (run) => isTerminal(run.status)),
    eventsOf: (runId) =>
      database.db
        .select()
        .from(runEvents)
        .where(eq(runEvents.runId, runId))
        .orderBy(asc(runEvents.seq)),
    outputOf: (attemptId) => readOutput(database, attemptId),
    end: async () => {
      await Promise.all(started.map((worker) => worker.kill("SIGTERM")));
      await endAgents(database);
      await closeProducerOf(database.db);
      await database.drop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** Agents outlive their workers; a test leaves none behind. */
async function endAgents({ db }: TestDatabase): Promise<void> {
  const known = await db
    .select({ id: attempts.id, runId: attempts.runId, controlPath: attempts.controlPath })
    .from(attempts);
  for (const { id, runId, controlPath } of known) {
    if (readControl(controlPath).phase === "exited") continue;
    await proveDead({ controlPath, mark: { runId, attemptId: id } });
  }
}

async function spawnWorker(
  databaseUrl: string,
  home: string,
  options: TrialWorkerOptions,
): Promise<TrialWorker> {
  const program = [process.execPath, "--import", "tsx", "server/worker/main.ts"];
  const [starter = "", ...rest] = [...(options.by ?? []), ...program];
  const child = spawn(starter, rest, {
    cwd: path.resolve(import.meta.dirname, "../.."),
    env: {
      ...process.env,
      DATABASE_URL: databaseUrl,
      COPPICE_HOME: options.home ?? home,
      COPPICE_WORKER_NAME: options.name ?? "trial",
      COPPICE_SLOTS: String(options.slots ?? 4),
      ...options.environment,
    },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const log: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (data) => log.push(String(data)));
  }
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  await ready(child, log);
  return {
    pid: child.pid ?? 0,
    log,
    kill: async (signal) => {
      child.kill(signal);
      await gone;
    },
  };
}

function ready(child: ChildProcess, log: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once("message", () => resolve());
    child.once("exit", (code) => reject(new Error(`the worker ended (${code}): ${log.join("")}`)));
  });
}

/** Waits on the row; the test's own time limit is the bound. */
async function waitOnRow(database: TestDatabase, runId: RunId, isSo: (run: Run) => boolean) {
  for (;;) {
    const [run] = await database.db.select().from(runs).where(eq(runs.id, runId));
    if (run && isSo(run)) return run;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function readOutput(database: TestDatabase, attemptId: AttemptId): Promise<Buffer> {
  const rows = await database.db
    .select()
    .from(outputChunks)
    .where(eq(outputChunks.attemptId, attemptId))
    .orderBy(asc(outputChunks.offset));
  const stored = rows.filter(({ stream }) => stream === "output");
  let expected = 0;
  for (const { offset, bytes } of stored) {
    if (offset !== expected) throw new Error(`a chunk stands at ${offset}, not at ${expected}`);
    expected += bytes.length;
  }
  return Buffer.concat(stored.map(({ bytes }) => bytes));
}
