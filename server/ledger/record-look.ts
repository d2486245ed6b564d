import { sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { workLooks } from "@/db/schema";
import type { RepositoryId, Sha, WorkerId } from "@/server/domain/ids";

interface Looker {
  repositoryId: RepositoryId;
  workerId: WorkerId;
  now: Date;
}

/** What a look saw of a whole repository; `problem` says why the origin itself was not seen. */
export interface CompleteLook extends Looker {
  defaultHead: Sha | null;
  staleRefs: string[];
  problem: string | null;
}

/** Records that every open entry was looked at. The origin's part is as of when it was listed last. */
export async function recordLook(db: Executor, look: CompleteLook): Promise<void> {
  const { repositoryId, workerId, now, defaultHead, staleRefs, problem } = look;
  const set = {
    triedAt: now,
    lookedAt: now,
    defaultHead,
    staleRefs,
    problem,
    ...(problem === null ? { originSeenAt: now, unknownSince: null } : {}),
  };
  await db
    .insert(workLooks)
    .values({ repositoryId, workerId, ...set, unknownSince: problem === null ? null : now })
    .onConflictDoUpdate({
      target: [workLooks.repositoryId, workLooks.workerId],
      set: problem === null ? set : { ...set, unknownSince: sinceFirst(now) },
    });
}

/** Records that a look failed: every entry stays as it was, and is unknown since the first failure. */
export async function recordFailedLook(
  db: Executor,
  { repositoryId, workerId, now, problem }: Looker & { problem: string },
): Promise<void> {
  await db
    .insert(workLooks)
    .values({ repositoryId, workerId, triedAt: now, unknownSince: now, problem })
    .onConflictDoUpdate({
      target: [workLooks.repositoryId, workLooks.workerId],
      set: { triedAt: now, problem, unknownSince: sinceFirst(now) },
    });
}

const sinceFirst = (now: Date) =>
  sql`coalesce(${workLooks.unknownSince}, ${now.toISOString()}::timestamptz)`;

/** The default branch was rewritten: what was merged there has to be looked for again. */
export async function askForMergedWork(
  db: Executor,
  { repositoryId, workerId }: { repositoryId: RepositoryId; workerId: WorkerId },
): Promise<void> {
  await db.execute(sql`update work_entries set looked_at = null
    where repository_id = ${repositoryId} and worker_id = ${workerId} and whereabouts = 'merged'
      and looked_at is not null`);
}
