import { eq } from "drizzle-orm";
import { cleanupItems, type runs, workspaces } from "@/db/schema";
import { getCleanup } from "@/server/cleanup/get-cleanup";
import { setPolicy } from "@/server/cleanup/set-policy";
import { startCleanup } from "@/server/cleanup/start-cleanup";
import type { CleanupView } from "@/server/domain/cleanup";
import type { PolicyRules } from "@/server/domain/retention";
import { startRun } from "@/server/runs/start-run";
import { type OpenedWorker, openWorker } from "../open-worker";
import { openTrialInstallation, type TrialInstallation } from "../testing";

/** Everything is due at once, even the newest. */
export const dueAtOnce: PolicyRules = {
  ...{ succeededDays: 0, unsucceededDays: 0, keepNewest: 0, spoolDays: "never" },
  outputDays: "never",
};

export interface CleanupTrial extends TrialInstallation {
  /** A worker of the trial's name in this process, which does only what it is told. */
  openWorker(): Promise<OpenedWorker>;
  runToEnd(workflow: string, sessionId?: string): Promise<typeof runs.$inferSelect>;
  setRules(rules: PolicyRules): Promise<void>;
  start(): Promise<CleanupView>;
  waitForCleanup(id: string): Promise<CleanupView>;
  itemsOf(id: string): Promise<(typeof cleanupItems.$inferSelect)[]>;
  workspaceOf(run: { workspaceId: string }): Promise<typeof workspaces.$inferSelect>;
}

/** An installation for tests of cleanups: with real workers, real git and real folders. */
export async function openCleanupTrial(): Promise<CleanupTrial> {
  const trial = await openTrialInstallation();
  const { db } = trial.database;
  return {
    ...trial,
    openWorker: () =>
      openWorker({
        ...{ databaseUrl: trial.database.url, home: trial.home, name: "trial", slots: 1 },
        ...{ environment: process.env, log: () => {}, onSuperseded: () => {} },
      }),
    runToEnd: async (workflow, sessionId) => {
      const { runId } = await startRun(trial.context(), {
        ...{ workflow, repository: "sample", message: "do it", sessionId },
      });
      return trial.waitForEnd(runId);
    },
    setRules: async (rules) => {
      await setPolicy(trial.context(), { rules });
    },
    start: () => startCleanup(trial.context(), { isDryRun: false }),
    waitForCleanup: async (id) => {
      for (;;) {
        const cleanup = await getCleanup(db, { id });
        if (cleanup.status !== "running") return cleanup;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    itemsOf: (id) => db.select().from(cleanupItems).where(eq(cleanupItems.cleanupId, id)),
    workspaceOf: async ({ workspaceId }) => {
      const [row] = await db
        .select()
        .from(workspaces)
        .where(eq(workspaces.id, workspaceId as (typeof workspaces.$inferSelect)["id"]));
      if (!row) throw new Error(`no workspace ${workspaceId}`);
      return row;
    },
  };
}
