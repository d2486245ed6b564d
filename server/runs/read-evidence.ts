import { and, asc, count, desc, eq, inArray, isNotNull, isNull, sql } from "drizzle-orm";
import { z } from "zod";
import type { Database } from "@/db/client";
import {
  attemptEvidence,
  attempts,
  leftWorkspaces,
  runEvents,
  runs,
  workers,
  workspaces,
} from "@/db/schema";
import { NotFound } from "@/server/domain/errors";
import type { EvidenceFacts, ProcessLook, RunEvidence } from "@/server/domain/evidence";
import type { RunId, WorkerId } from "@/server/domain/ids";
import { judgeEvidence } from "@/server/domain/judge-evidence";
import { parseInput } from "@/server/domain/parse-input";
import { heldStatuses } from "@/server/domain/run-status";
import { decideWorkerState } from "@/server/domain/worker";
import { findJob } from "@/server/jobs/find-job";
import { producerOf } from "@/server/jobs/jobs";
import { explainWait } from "./explain-wait";
import { resolveRunId, runKeySchema } from "./resolve-run-id";

export const readEvidenceInputSchema = z.strictObject({ id: runKeySchema });

/**
 * The facts that a run's status rests on, each with its time, and whether they agree with it.
 * @throws NotFound
 */
export async function readEvidence(
  db: Database,
  input: z.input<typeof readEvidenceInputSchema>,
): Promise<RunEvidence> {
  const { id } = parseInput(readEvidenceInputSchema, input);
  const row = await readRow(db, await resolveRunId(db, id));
  if (!row) throw new NotFound("run", String(id));
  const { run, attempt, asOf } = row;
  const [moved, worker, job, notProvedDead] = await Promise.all([
    readLastMove(db, run.id),
    run.workerId ? readWorker(db, run.workerId, asOf) : null,
    run.jobId && run.jobQueue
      ? findJob(await producerOf(db), { id: run.jobId, queue: run.jobQueue })
      : null,
    readNotProvedDead(db, run.id),
  ]);
  const bound = row.boundTo ? await readWorker(db, row.boundTo, asOf) : null;
  const facts: EvidenceFacts = {
    asOf,
    status: run.status,
    statusSince: run.statusSince,
    endReason: run.endReason,
    moved,
    attempt: run.attemptNumber,
    fence: run.fence,
    worker,
    processes: row.look ? toLook(row.look) : null,
    output: {
      storedBytes: attempt?.outputBytes ?? 0,
      hasTerminalEvent: attempt?.isTerminal ?? false,
    },
    exit: toExit(row),
    isolation: attempt?.isolation ?? null,
    job,
    wait:
      run.status === "queued"
        ? {
            reason: run.waitReason,
            availableAt: run.availableAt,
            worker: bound?.name ?? null,
            sentence: await explainWait(db, run, bound),
          }
        : null,
    cancel: run.cancelAskedAt
      ? { askedAt: run.cancelAskedAt, askedBy: run.cancelAskedBy, asks: run.cancelAsks }
      : null,
    notProvedDead,
  };
  return { ...facts, ...judgeEvidence(facts) };
}

async function readRow(db: Database, runId: RunId) {
  const [row] = await db
    .select({
      run: runs,
      boundTo: workspaces.workerId,
      look: attemptEvidence,
      attempt: {
        outputBytes: attempts.outputBytes,
        isTerminal: attempts.isTerminal,
        isolation: attempts.isolation,
        exitCode: attempts.exitCode,
        exitSignal: attempts.exitSignal,
        endedAt: attempts.endedAt,
      },
      asOf: sql<Date>`now()`.mapWith(runs.createdAt),
    })
    .from(runs)
    .innerJoin(workspaces, eq(workspaces.id, runs.workspaceId))
    .leftJoin(attempts, and(eq(attempts.runId, runs.id), eq(attempts.number, runs.attemptNumber)))
    .leftJoin(attemptEvidence, eq(attemptEvidence.attemptId, attempts.id))
    .where(eq(runs.id, runId));
  return row;
}

type EvidenceRow = NonNullable<Awaited<ReturnType<typeof readRow>>>;

function toExit({ attempt, look }: EvidenceRow): EvidenceFacts["exit"] {
  const code = attempt?.exitCode ?? look?.exitCode ?? null;
  const signal = attempt?.exitSignal ?? look?.exitSignal ?? null;
  if (code === null && signal === null) return null;
  return { code, signal, at: look?.exitAt ?? null };
}

function toLook(look: typeof attemptEvidence.$inferSelect): ProcessLook {
  const { attemptId: _attempt, workerId: _worker, isSettled: _settled, ...facts } = look;
  const { exitCode, exitSignal, exitAt, ...seen } = facts;
  const exit = exitAt && { code: exitCode, signal: exitSignal, at: exitAt };
  return { ...seen, exit };
}

async function readWorker(db: Database, id: WorkerId, now: Date) {
  const [row] = await db
    .select({ worker: workers, held: count(runs.id) })
    .from(workers)
    .leftJoin(runs, and(eq(runs.workerId, workers.id), inArray(runs.status, [...heldStatuses])))
    .where(eq(workers.id, id))
    .groupBy(workers.id);
  if (!row) return null;
  const { name, host, heartbeatAt } = row.worker;
  const state = decideWorkerState({ ...row.worker, held: row.held }, now);
  return { id, name, host, heartbeatAt, state };
}

async function readLastMove(db: Database, runId: RunId): Promise<EvidenceFacts["moved"]> {
  const [event] = await db
    .select()
    .from(runEvents)
    .where(and(eq(runEvents.runId, runId), eq(runEvents.kind, "status_changed")))
    .orderBy(desc(runEvents.seq))
    .limit(1);
  if (!event) return null;
  const { from, to, reason, text } = event.data;
  return {
    actor: event.actor,
    at: event.at,
    seq: event.seq,
    from: from ?? null,
    to: to ?? "",
    reason: reason ?? null,
    text: text ?? null,
  };
}

async function readNotProvedDead(db: Database, runId: RunId) {
  return db
    .select({
      attempt: leftWorkspaces.attempt,
      worker: workers.name,
      host: workers.host,
      pid: leftWorkspaces.pid,
      since: leftWorkspaces.leftAt,
    })
    .from(leftWorkspaces)
    .innerJoin(workers, eq(workers.id, leftWorkspaces.workerId))
    .where(
      and(
        eq(leftWorkspaces.runId, runId),
        isNull(leftWorkspaces.settledAt),
        isNotNull(leftWorkspaces.attemptId),
      ),
    )
    .orderBy(asc(leftWorkspaces.attempt))
    .limit(20);
}
