import { and, desc, eq, isNotNull, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { attempts, commits, runs, snapshots, workspaces } from "@/db/schema";
import { Conflict, NotFound, Unprocessable } from "@/server/domain/errors";
import { type RunId, type Sha, shaSchema, type WorkerId } from "@/server/domain/ids";

/** A recorded point of a run's work, and the host that has it. */
export interface RestorePoint {
  run: {
    id: RunId;
    number: number;
    repositoryId: (typeof runs.$inferSelect)["repositoryId"];
    baseCommit: Sha;
  };
  sha: Sha;
  workerId: WorkerId;
}

/**
 * Finds a commit or snapshot of a run: the run's head unless one is named, by the first digits of its id
 * or by a snapshot's number. Only what was recorded of this very run is found.
 * @throws NotFound; Unprocessable while the run has no recorded work; Conflict when several match.
 */
export async function resolveRestorePoint(
  db: Executor,
  runId: RunId,
  at: string | null,
): Promise<RestorePoint> {
  const [found] = await db
    .select({
      id: runs.id,
      number: runs.number,
      repositoryId: runs.repositoryId,
      baseCommit: runs.baseCommit,
      headCommit: runs.headCommit,
      runWorkerId: runs.workerId,
      workspaceWorkerId: workspaces.workerId,
    })
    .from(runs)
    .innerJoin(workspaces, eq(workspaces.id, runs.workspaceId))
    .where(eq(runs.id, runId));
  if (!found) throw new NotFound("run", runId);
  const { id, number, repositoryId, baseCommit } = found;
  const workerId = found.workspaceWorkerId ?? found.runWorkerId;
  if (!baseCommit || !workerId) {
    throw new Unprocessable(`Run #${number} has no recorded work yet.`, {
      hint: "Its work is recorded when an attempt ends.",
    });
  }
  const sha = await findSha(db, found, at);
  return { run: { id, number, repositoryId, baseCommit }, sha, workerId };
}

interface RunCommits {
  id: RunId;
  number: number;
  baseCommit: Sha | null;
  headCommit: Sha | null;
}

async function findSha(db: Executor, run: RunCommits, at: string | null): Promise<Sha> {
  if (at === null) return run.headCommit ?? (await findNewest(db, run));
  if (/^\d{1,6}$/.test(at)) return findSnapshot(db, run, Number(at));
  const recorded = await listRecorded(db, run);
  const matching = [...recorded].filter((sha) => sha.startsWith(at));
  const [first, second] = matching;
  if (!first) {
    throw new NotFound(`commit or snapshot of run #${run.number}`, at, {
      hint: "“coppice show” and the run's page list what was recorded.",
    });
  }
  if (!second) return first;
  throw new Conflict(`“${at}” begins more than one commit of run #${run.number}.`, {
    hint: `Give more digits: ${matching.slice(0, 4).join(", ")}.`,
  });
}

/** A run that ended before its work could be put on a branch may still have a snapshot. */
async function findNewest(db: Executor, run: RunCommits): Promise<Sha> {
  const [newest] = await db
    .select({ sha: snapshots.sha })
    .from(snapshots)
    .where(eq(snapshots.runId, run.id))
    .orderBy(desc(snapshots.number))
    .limit(1);
  if (newest) return newest.sha;
  throw new Unprocessable(`Run #${run.number} has no recorded work.`, {
    hint: "It ended before its agent had done anything, or is still at work.",
  });
}

async function findSnapshot(db: Executor, run: RunCommits, number: number): Promise<Sha> {
  const [snapshot] = await db
    .select({ sha: snapshots.sha })
    .from(snapshots)
    .where(and(eq(snapshots.runId, run.id), eq(snapshots.number, number)));
  if (snapshot) return snapshot.sha;
  throw new NotFound(`snapshot of run #${run.number}`, String(number));
}

async function listRecorded(db: Executor, run: RunCommits): Promise<Set<Sha>> {
  const ofAttempts = await db
    .select({ sha: sql<Sha>`${attempts.headCommit}`.as("sha") })
    .from(attempts)
    .where(and(eq(attempts.runId, run.id), isNotNull(attempts.headCommit)));
  const ofSnapshots = await db
    .select({ sha: snapshots.sha })
    .from(snapshots)
    .where(eq(snapshots.runId, run.id));
  const ofCommits = await db
    .select({ sha: commits.sha })
    .from(commits)
    .where(eq(commits.runId, run.id));
  const own = [run.baseCommit, run.headCommit].filter((sha) => sha !== null);
  return new Set([
    ...own,
    ...[...ofAttempts, ...ofSnapshots, ...ofCommits].map(({ sha }) => shaSchema.parse(sha)),
  ]);
}
