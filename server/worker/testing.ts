import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { eq } from "drizzle-orm";
import { runs } from "@/db/schema";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import type { Actor } from "@/server/domain/actor";
import type { RunId } from "@/server/domain/ids";
import { isTerminal } from "@/server/domain/run-status";
import type { VerbContext } from "@/server/runs/context";
import { prepareInstallation } from "@/server/supervisor/prepare-installation";
import { createWorkflow } from "@/server/workflows/create-workflow";
import { type RunningWorker, startWorker } from "./start-worker";

const tester: Actor = { kind: "member", id: "tester", name: "Tess", role: "admin" };

/** A prepared installation with one worker inside this process; for tests. */
export interface TrialInstallation {
  database: TestDatabase;
  home: string;
  worker: RunningWorker;
  context(): VerbContext;
  /** Makes a shell workflow of this name. */
  defineShell(name: string, command: string): Promise<void>;
  waitForEnd(runId: RunId): Promise<typeof runs.$inferSelect>;
  end(): Promise<void>;
}

export async function openTrialInstallation(
  options: { slots?: number; environment?: NodeJS.ProcessEnv } = {},
): Promise<TrialInstallation> {
  const database = await createTestDatabase();
  const home = await mkdtemp(path.join(os.tmpdir(), "coppice-worker-"));
  const publicUrl = "http://127.0.0.1:3000";
  await prepareInstallation({ databaseUrl: database.url, home, publicUrl });
  const worker = await startWorker({
    databaseUrl: database.url,
    home,
    name: "trial",
    slots: options.slots ?? 4,
    environment: options.environment ?? process.env,
    log: (message) => console.log(`[worker] ${message}`),
    onSuperseded: () => undefined,
  });
  const context = () => ({ db: database.db, actor: tester, now: new Date() });
  return {
    database,
    home,
    worker,
    context,
    defineShell: async (name, command) => {
      await createWorkflow(context(), { name, agent: "shell", command });
    },
    waitForEnd: (runId) => waitForEnd(database, runId),
    end: async () => {
      await worker.stop();
      await database.drop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** Waits on the row; the test's own time limit is the bound. */
async function waitForEnd(database: TestDatabase, runId: RunId) {
  for (;;) {
    const [run] = await database.db.select().from(runs).where(eq(runs.id, runId));
    if (run && isTerminal(run.status)) return run;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
