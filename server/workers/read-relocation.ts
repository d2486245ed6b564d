import { and, desc, eq, exists, isNotNull, isNull, lt, ne, or, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import {
  attempts,
  commits,
  originCopies,
  repositories,
  runs,
  snapshots,
  workers,
} from "@/db/schema";
import type { RunId, Sha, WorkerId } from "@/server/domain/ids";
import { decideRelocation, type Relocation } from "@/server/domain/relocation";

/** What is needed of a run to decide where else it could go on. */
type BoundRun = Pick<
  typeof runs.$inferSelect,
  "id" | "number" | "sessionId" | "repositoryId" | "baseCommit" | "baseRef"
>;

/** Where a run may go. A folder's runs go to a worker of its machine, the others to anybody. */
export type ReadRelocation = Relocation & { toWorker: string | null; headCommit: Sha | null };

/** Whether a run that is bound to a worker's host could go on elsewhere, or what it waits for. */
export async function readRelocation(
  db: Executor,
  run: BoundRun,
  workerId: WorkerId,
): Promise<ReadRelocation> {
  const [place] = await db
    .select({
      worker: workers.name,
      host: workers.host,
      repository: repositories.name,
      isLocal: sql<boolean>`${repositories.origin} like '/%'`,
      homeWorkerId: repositories.workerId,
      keptAtOriginSince: repositories.keptAtOriginSince,
    })
    .from(repositories)
    .innerJoin(workers, eq(workers.id, workerId))
    .where(eq(repositories.id, run.repositoryId));
  if (!place) throw new Error(`run ${run.id} or worker ${workerId} is gone`);
  const toWorker = place.isLocal ? await findWorkerOnHost(db, workerId, place.homeWorkerId) : null;
  const neededWork = await findNeededWork(db, run);
  const relocation = decideRelocation({
    worker: place.worker,
    host: place.host,
    repository: place.repository,
    isOriginOnLostHost: place.isLocal && toWorker === null,
    neededWork,
    keepsAtOrigin: place.keptAtOriginSince !== null,
  });
  const headCommit = neededWork?.isFromOrigin ? null : (neededWork?.sha ?? null);
  return { ...relocation, toWorker, headCommit };
}

/** A folder can be read by every worker of its machine: those that name the same host and its start. */
async function findWorkerOnHost(
  db: Executor,
  workerId: WorkerId,
  homeWorkerId: WorkerId | null,
): Promise<string | null> {
  const home = db
    .select({ bootId: workers.bootId, host: workers.host })
    .from(workers)
    .where(eq(workers.id, homeWorkerId ?? workerId))
    .as("home");
  const [other] = await db
    .select({ name: workers.name })
    .from(workers)
    .innerJoin(home, and(eq(workers.host, home.host), eq(workers.bootId, home.bootId)))
    .where(and(ne(workers.id, workerId), isNull(workers.lostAt)))
    .orderBy(desc(workers.heartbeatAt))
    .limit(1);
  return other?.name ?? null;
}

/** The commit that the run's next attempt begins from, and who has it. Null: the origin's newest. */
async function findNeededWork(db: Executor, run: BoundRun) {
  const sha =
    (await findAttemptHead(db, run.id)) ??
    (await findSessionHead(db, run)) ??
    run.baseCommit ??
    readSha(run.baseRef);
  if (!sha) return null;
  const [known] = await db
    .select({
      isOurs: sql<boolean>`${or(
        exists(db.select({ one: sql`1` }).from(commits).where(eq(commits.sha, sha))),
        exists(db.select({ one: sql`1` }).from(snapshots).where(eq(snapshots.sha, sha))),
      )}`,
      isAtOrigin: sql<boolean>`${exists(
        db
          .select({ one: sql`1` })
          .from(originCopies)
          .where(and(eq(originCopies.headCommit, sha), isNotNull(originCopies.pushedAt))),
      )}`,
    })
    .from(sql`(values (1)) as one(one)`);
  return { sha, isFromOrigin: !known?.isOurs, isAtOrigin: known?.isAtOrigin ?? false };
}

async function findAttemptHead(db: Executor, runId: RunId): Promise<Sha | null> {
  const [last] = await db
    .select({ head: attempts.headCommit })
    .from(attempts)
    .where(and(eq(attempts.runId, runId), isNotNull(attempts.headCommit)))
    .orderBy(desc(attempts.number))
    .limit(1);
  return last?.head ?? null;
}

async function findSessionHead(db: Executor, run: BoundRun): Promise<Sha | null> {
  const [last] = await db
    .select({ head: runs.headCommit })
    .from(runs)
    .where(
      and(
        eq(runs.sessionId, run.sessionId),
        lt(runs.number, run.number),
        isNotNull(runs.headCommit),
      ),
    )
    .orderBy(desc(runs.number))
    .limit(1);
  return last?.head ?? null;
}

function readSha(text: string | null): Sha | null {
  return text && /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(text) ? (text as Sha) : null;
}
