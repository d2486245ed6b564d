import { and, eq, inArray, sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { attempts, recoveryEntries, recoveryReports, runs, workspaces } from "@/db/schema";
import { lookAtProcesses } from "@/server/agents/look-at-processes";
import { describeFound, type StopKind } from "@/server/domain/recovery";
import { heldStatuses } from "@/server/domain/run-status";
import type { WorkerContext } from "./context";

/** How the worker of this name was last heard of, before this start. */
export interface Predecessor {
  before: StopKind;
  lastBeatAt: Date | null;
  isHostRestarted: boolean | null;
}

/**
 * Begins the report of what this worker found when it started: one entry for each attempt that it
 * held. What became of those that do not simply go on is told by `settleRecovery`.
 * @returns the report's id, and lines for the log.
 */
export async function openRecoveryReport(
  context: WorkerContext,
  predecessor: Predecessor,
): Promise<{ reportId: string; lines: string[] }> {
  return context.db.transaction(async (tx) => {
    const now = new Date();
    const found = await listFound(context, tx);
    const entries = found.map(({ run, attempt }) => {
      const look = lookAtProcesses(attempt.controlPath);
      return { run, attempt, ...describeFound({ ...look, status: run.status }) };
    });
    const isSettled = entries.every(({ outcome }) => outcome !== "pending");
    const [report] = await tx
      .insert(recoveryReports)
      .values({
        workerId: context.worker.id,
        startedAt: now,
        ...predecessor,
        waiting: await countWaiting(context, tx),
        settledAt: isSettled ? now : null,
      })
      .returning({ id: recoveryReports.id });
    if (!report) throw new Error("the recovery report was not written");
    if (entries.length > 0) {
      await tx.insert(recoveryEntries).values(
        entries.map(({ run, attempt, outcome, sentence }) => ({
          ...{ reportId: report.id, runId: run.id, attempt: attempt.number },
          ...{ outcome, sentence, at: now },
        })),
      );
    }
    const lines = entries.map(
      ({ run, outcome, sentence }) => `recovery: run #${run.number}: ${outcome}. ${sentence}`,
    );
    return { reportId: report.id, lines };
  });
}

function listFound({ worker }: WorkerContext, tx: Transaction) {
  return tx
    .select({
      run: { id: runs.id, number: runs.number, status: runs.status },
      attempt: { number: attempts.number, controlPath: attempts.controlPath },
    })
    .from(runs)
    .innerJoin(attempts, and(eq(attempts.runId, runs.id), eq(attempts.number, runs.attemptNumber)))
    .where(and(eq(runs.workerId, worker.id), inArray(runs.status, [...heldStatuses])))
    .orderBy(runs.number);
}

/** Runs that only this worker can take, because their workspace is here. */
async function countWaiting({ worker }: WorkerContext, tx: Transaction): Promise<number> {
  const [{ waiting } = { waiting: 0 }] = await tx
    .select({ waiting: sql<number>`count(*)`.mapWith(Number) })
    .from(runs)
    .innerJoin(workspaces, eq(workspaces.id, runs.workspaceId))
    .where(and(eq(workspaces.workerId, worker.id), eq(runs.status, "queued")));
  return waiting;
}
