import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, realpathSync, writeFileSync } from "node:fs";
import path from "node:path";
import { eq } from "drizzle-orm";
import { attempts, installation, runs, workspaces } from "@/db/schema";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import {
  insertRepository,
  insertRun,
  insertSession,
  insertWorker,
  type RunParts,
} from "@/db/testing-rows";
import { controlPath } from "@/server/agents/control-folder";
import { findMarked } from "@/server/agents/end-agent";
import { findMarkedProcesses } from "@/server/agents/find-marked-processes";
import type { IsolationFacts } from "@/server/agents/probe-isolation";
import { proveDead } from "@/server/agents/prove-dead";
import { startTrial } from "@/server/agents/testing";
import type { Difference, FixAction } from "@/server/domain/difference";
import type { DifferenceKind } from "@/server/domain/difference-kinds";
import type { RunId, Sha } from "@/server/domain/ids";
import { isHeld, type RunStatus } from "@/server/domain/run-status";
import { closeProducerOf, producerOf } from "@/server/jobs/jobs";
import { createRunQueues } from "@/server/jobs/queues";
import { sendRunJob } from "@/server/jobs/send-run-job";
import { prepareInstallation } from "@/server/supervisor/prepare-installation";
import { mirrorPath, runHeadRef, workspacePath } from "@/server/workspaces/layout";
import {
  commitAll,
  makeTestHome,
  openTestWorkspace,
  removeTestHome,
  runGit,
  type TestHome,
  writeTree,
} from "@/server/workspaces/testing";
import { checkHost } from "./check-host";
import { fixDifference } from "./fix-difference";
import type { DoctorHost } from "./host-facts";

/** Tests plant and look within one millisecond, so everything counts as settled, come what may. */
const settleSeconds = -1;

export type PlacedRun = Awaited<ReturnType<DoctorSite["placeRun"]>>;
export type DoctorSite = Awaited<ReturnType<typeof openDoctorSite>>;

/** A host with a real home, origin and database in which everything agrees; for tests that break it. */
export async function openDoctorSite() {
  const database = await createTestDatabase();
  const home = makeTestHome();
  mkdirSync(home.home, { recursive: true });
  const root = realpathSync(home.home);
  await prepareInstallation({ databaseUrl: database.url, home: root, publicUrl: "http://x" });
  const { db } = database;
  const [mark] = await db.select().from(installation);
  writeFileSync(path.join(root, "installation"), `${mark?.id}\n`);
  const worker = await insertWorker(db, { home: root });
  const jobs = await producerOf(db);
  await createRunQueues(jobs.boss, worker.name);
  const repository = await insertRepository(db, { origin: home.origin });
  const host: DoctorHost = { db, jobs, home: root, worker, confine: (argv) => argv };
  const started: ChildProcess[] = [];
  const site = { database, db, home: root, origin: home.origin, base: home.base, worker, jobs };
  const check = async () => (await checkHost(host, { settleSeconds })).differences;
  return {
    ...site,
    repository,
    host,
    check,
    mirror: mirrorPath(root, repository.id),
    /** A run with a workspace, and if it has ended with a commit that mirror and rows know. */
    placeRun: (status: RunStatus, given: RunParts = {}) =>
      placeRun(site, home, repository.id, status, given),
    /** The one difference of a kind; fails when there is none, or another one beside it. */
    findOnly: async (kind: DifferenceKind): Promise<Difference> => {
      const found = await check();
      const [only] = found;
      if (only?.kind !== kind || found.length > 1) {
        throw new Error(`expected ${kind} alone, found ${JSON.stringify(found, null, 1)}`);
      }
      return only;
    },
    fix: (difference: Difference, action: FixAction) => {
      const steps = difference.fixes.find((fix) => fix.action === action)?.steps ?? [];
      return fixDifference(host, { key: difference.key, action, steps }, settleSeconds);
    },
    /** A real process that carries an attempt's mark. */
    startMarked: (mark: { runId: string; attemptId: string; workspace: string }) => {
      const child = startMarked(mark);
      started.push(child);
      return child.pid ?? 0;
    },
    git: (...args: string[]) => runGit(mirrorPath(root, repository.id), ...args),
    end: async () => {
      for (const child of started) child.kill("SIGKILL");
      await endTreesIn(root);
      await closeProducerOf(db);
      await database.drop();
      removeTestHome(home);
    },
  };
}

interface Site extends Pick<DoctorHost, "db" | "jobs" | "home"> {
  worker: { id: DoctorHost["worker"]["id"]; name: string };
  database: TestDatabase;
}

async function placeRun(
  site: Site,
  testHome: TestHome,
  repositoryId: RunParts["repositoryId"] & string,
  status: RunStatus,
  given: RunParts,
) {
  const { db, worker } = site;
  const session =
    given.in ??
    (await insertSession(db, {
      repositoryId,
      workspace: { state: "ready", workerId: worker.id, path: "to be set" },
    }));
  const workspaceId = session.workspace.id;
  const folder = workspacePath(site.home, repositoryId, workspaceId);
  await db.update(workspaces).set({ path: folder }).where(eq(workspaces.id, workspaceId));
  const opened = await openTestWorkspace(
    { ...testHome, home: site.home },
    { repositoryId, workspaceId },
  );
  writeTree(folder, { [`${Math.random()}.txt`]: "work\n" });
  const head = commitAll(folder, "Work of the agent");
  const parts = await insertRun(db, {
    ...given,
    in: { ...session, workspace: { ...session.workspace, path: folder } },
    status,
    workerId: worker.id,
    baseCommit: testHome.base,
    headCommit: isHeld(status) || status === "queued" ? null : head,
  });
  if (parts.run.headCommit) recordHead(opened.mirror, folder, parts.run.id, head);
  if (parts.attempt) await placeControl(site, parts.run.id, parts.attempt.id);
  if (isHeld(status) || status === "queued") await sendJob(site, parts.run.id);
  return { ...parts, attemptId: parts.attempt?.id ?? "", folder, head };
}

function recordHead(mirror: string, folder: string, runId: RunId, head: Sha): void {
  runGit(mirror, "fetch", "-q", folder, `${head}:${runHeadRef(runId)}`);
}

async function placeControl({ db, home }: Site, runId: RunId, attemptId: string): Promise<void> {
  const control = controlPath(home, runId, 1);
  mkdirSync(control, { recursive: true });
  await db
    .update(attempts)
    .set({ controlPath: control })
    .where(eq(attempts.id, attemptId as (typeof attempts.$inferSelect)["id"]));
}

async function sendJob({ db, jobs, worker }: Site, runId: RunId): Promise<void> {
  await db.transaction(async (tx) => {
    const [run] = await tx.select().from(runs).where(eq(runs.id, runId));
    if (!run) throw new Error(`no run ${runId}`);
    const { workspaceId, priority } = run;
    const sent = await sendRunJob(jobs, tx, {
      ...{ runId, workspaceId, priority, workerName: worker.name, availableAt: null },
    });
    await tx
      .update(runs)
      .set({ jobId: sent.jobId, jobQueue: sent.queue })
      .where(eq(runs.id, runId));
  });
}

function startMarked(mark: { runId: string; attemptId: string; workspace: string }): ChildProcess {
  return spawn("sleep", ["600"], {
    env: {
      PATH: process.env.PATH,
      COPPICE_RUN_ID: mark.runId,
      COPPICE_ATTEMPT_ID: mark.attemptId,
      COPPICE_WORKSPACE: mark.workspace,
    } as unknown as NodeJS.ProcessEnv,
    stdio: "ignore",
  });
}

/** A real keeper with a real agent, as the worker starts them; the agent waits for its go. */
export async function startTree(
  { home }: { home: string },
  run: { id: string; attemptId: string; folder: string },
  isolation: IsolationFacts,
): Promise<string> {
  const control = controlPath(home, run.id, 1);
  const mark = { runId: run.id, attemptId: run.attemptId };
  const environment = {
    PATH: process.env.PATH ?? "",
    COPPICE_RUN_ID: run.id,
    COPPICE_ATTEMPT_ID: run.attemptId,
    COPPICE_WORKSPACE: run.folder,
  };
  const folders = { workspace: run.folder, homePath: home, temporaryPath: control };
  await startTrial(
    { home, control, ...folders, mark, environment },
    { argv: ["/bin/sh", "-c", "sleep 600"], isolation },
  );
  return control;
}

export function isAnyAlive(runId: string, attemptId: string): boolean {
  return findMarked({ runId, attemptId }, { keeper: null }).length > 0;
}

/** A test that failed midway leaves its trees behind. */
async function endTreesIn(home: string): Promise<void> {
  for (const { runId, attemptId, workspacePath } of findMarkedProcesses()) {
    if (workspacePath?.startsWith(home)) await endTree({ home }, { id: runId, attemptId });
  }
}

/** Ends what `startTree` began. */
export async function endTree(
  { home }: { home: string },
  run: { id: string; attemptId: string },
): Promise<void> {
  const mark = { runId: run.id, attemptId: run.attemptId };
  await proveDead({ controlPath: controlPath(home, run.id, 1), mark });
}
