import { and, asc, eq, isNotNull, isNull, lte, sql } from "drizzle-orm";
import type { PgUpdateSetSource } from "drizzle-orm/pg-core";
import { attempts, originCopies, repositories, runs } from "@/db/schema";
import { DomainError, describeError } from "@/server/domain/errors";
import { appendEvent } from "@/server/runs/append-event";
import { pushKeptRefs } from "@/server/workspaces/push-kept-refs";
import { type WorkerContext, workerActor } from "./context";

const batchSize = 10;
const firstPauseSeconds = 15;
const maxPauseSeconds = 3600;

/**
 * Pushes the work of attempts that ended on this host to their repositories' origins, where that was
 * asked for. A failure is told once on the run and tried again, ever more rarely.
 * @returns how many attempts it dealt with.
 */
export async function copyToOrigin(context: WorkerContext): Promise<number> {
  const due = await listDue(context);
  for (const copy of due) await copyOne(context, copy);
  return due.length;
}

type DueCopy = Awaited<ReturnType<typeof listDue>>[number];

function listDue({ db, worker }: WorkerContext) {
  return db
    .select({
      attemptId: attempts.id,
      attempt: attempts.number,
      runId: runs.id,
      repositoryId: repositories.id,
      origin: repositories.origin,
      tries: originCopies.tries,
    })
    .from(originCopies)
    .innerJoin(attempts, eq(attempts.id, originCopies.attemptId))
    .innerJoin(runs, eq(runs.id, originCopies.runId))
    .innerJoin(repositories, eq(repositories.id, runs.repositoryId))
    .where(
      and(
        isNull(originCopies.pushedAt),
        lte(originCopies.nextTryAt, sql`now()`),
        eq(attempts.workerId, worker.id),
        isNotNull(repositories.keptAtOriginSince),
      ),
    )
    .orderBy(asc(originCopies.nextTryAt))
    .limit(batchSize);
}

async function copyOne(context: WorkerContext, copy: DueCopy): Promise<void> {
  const tries = copy.tries + 1;
  try {
    const refs = await pushKeptRefs({ home: context.home, ...copy, attemptNumber: copy.attempt });
    const done = { refs, pushedAt: sql`now()`, nextTryAt: null, problem: null };
    await save(context, copy, { ...done, tries }, null);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const problem = describeError(error);
    const pause = Math.min(firstPauseSeconds * 2 ** (tries - 1), maxPauseSeconds);
    const nextTryAt = sql`now() + make_interval(secs => ${pause})`;
    context.log(`run ${copy.runId}: its work was not pushed to the origin: ${problem}`);
    const text = `Its work could not be pushed to the origin, and is on this host alone for now: ${problem}`;
    await save(context, copy, { nextTryAt, problem, tries }, tries === 1 ? text : null);
  }
}

async function save(
  context: WorkerContext,
  { attemptId, runId }: DueCopy,
  set: PgUpdateSetSource<typeof originCopies>,
  told: string | null,
): Promise<void> {
  await context.db.transaction(async (tx) => {
    await tx.update(originCopies).set(set).where(eq(originCopies.attemptId, attemptId));
    if (!told) return;
    const actor = workerActor(context);
    await appendEvent(tx, { runId, kind: "notice", actor, data: { text: told }, now: new Date() });
  });
}
