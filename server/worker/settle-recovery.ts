import { and, eq, notExists, sql } from "drizzle-orm";
import { attempts, recoveryEntries, recoveryReports, runs, snapshots } from "@/db/schema";
import { describeOutcome } from "@/server/domain/recovery";
import type { WorkerContext } from "./context";

/**
 * Tells what became of the attempts that were found at this worker's start and did not simply go on:
 * ended, queued again, given up, and where their work is kept.
 * @returns how many are still to be told.
 */
export async function settleRecovery(context: WorkerContext): Promise<number> {
  let pending = 0;
  for (const { entry, run, attempt, snapshotRef } of await listPending(context)) {
    const told = describeOutcome({
      status: run.status,
      currentAttempt: run.attemptNumber,
      attempt: entry.attempt,
      endReason: attempt.endedAt ? attempt.endReason : null,
      isAgentLetGo: attempt.agentStartedAt !== null,
    });
    if (!told) {
      pending += 1;
      continue;
    }
    const head = attempt.headCommit === attempt.baseCommit ? null : attempt.headCommit;
    await context.db
      .update(recoveryEntries)
      .set({ ...told, workKept: snapshotRef ?? head, at: new Date() })
      .where(
        and(
          eq(recoveryEntries.reportId, entry.reportId),
          eq(recoveryEntries.runId, entry.runId),
          eq(recoveryEntries.attempt, entry.attempt),
          eq(recoveryEntries.outcome, "pending"),
        ),
      );
    context.log(`recovery: run #${run.number}: ${told.outcome}. ${told.sentence}`);
  }
  if (pending === 0) await closeReports(context);
  return pending;
}

function listPending({ db, worker }: WorkerContext) {
  return db
    .select({
      entry: recoveryEntries,
      run: { number: runs.number, status: runs.status, attemptNumber: runs.attemptNumber },
      attempt: {
        endReason: attempts.endReason,
        endedAt: attempts.endedAt,
        agentStartedAt: attempts.agentStartedAt,
        baseCommit: attempts.baseCommit,
        headCommit: attempts.headCommit,
      },
      snapshotRef: snapshots.ref,
    })
    .from(recoveryEntries)
    .innerJoin(recoveryReports, eq(recoveryReports.id, recoveryEntries.reportId))
    .innerJoin(runs, eq(runs.id, recoveryEntries.runId))
    .innerJoin(
      attempts,
      and(eq(attempts.runId, runs.id), eq(attempts.number, recoveryEntries.attempt)),
    )
    .leftJoin(
      snapshots,
      and(eq(snapshots.runId, runs.id), eq(snapshots.number, recoveryEntries.attempt)),
    )
    .where(and(eq(recoveryReports.workerId, worker.id), eq(recoveryEntries.outcome, "pending")))
    .limit(500);
}

async function closeReports({ db, worker }: WorkerContext): Promise<void> {
  await db
    .update(recoveryReports)
    .set({ settledAt: new Date() })
    .where(
      and(
        eq(recoveryReports.workerId, worker.id),
        sql`${recoveryReports.settledAt} is null`,
        notExists(
          db
            .select({ one: sql`1` })
            .from(recoveryEntries)
            .where(
              and(
                eq(recoveryEntries.reportId, recoveryReports.id),
                eq(recoveryEntries.outcome, "pending"),
              ),
            ),
        ),
      ),
    );
}
