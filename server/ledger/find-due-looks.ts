import { sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import type { RepositoryId, Sha, WorkerId } from "@/server/domain/ids";

/** A repository whose work a worker should look for again, and what it saw the last time. */
export interface DueLook {
  repositoryId: RepositoryId;
  name: string;
  origin: string;
  defaultBranch: string;
  defaultHead: Sha | null;
  staleRefs: string[];
  originSeenAt: Date | null;
  /** No look has been complete yet. */
  isFirst: boolean;
}

/** How long after the last try the next one is due. */
const lookAgainSeconds = {
  /** Something was recorded and not looked at yet. */
  entered: 15,
  /** Some work is not merged. */
  open: 5 * 60,
  /** All is merged: only a rewritten default branch could change that. */
  settled: 60 * 60,
};

/** The repositories of a worker that are due; `now` decides, or any of them when `isForced`. */
export async function findDueLooks(
  db: Executor,
  { workerId, now, isForced = false }: { workerId: WorkerId; now: Date; isForced?: boolean },
): Promise<DueLook[]> {
  const before = (seconds: number) => new Date(now.getTime() - seconds * 1000).toISOString();
  const { rows } = await db.execute<{
    repository_id: RepositoryId;
    name: string;
    origin: string;
    default_branch: string;
    default_head: Sha | null;
    stale_refs: string[] | null;
    origin_seen_at: string | null;
    looked_at: string | null;
  }>(sql`
    select r.id as repository_id, r.name, r.origin, r.default_branch, l.default_head, l.stale_refs,
      l.origin_seen_at, l.looked_at
    from repositories r
    left join work_looks l on l.repository_id = r.id and l.worker_id = ${workerId}
    where case
      when exists (select from work_entries e where e.worker_id = ${workerId} and e.repository_id = r.id
        and e.looked_at is null and e.sha is not null)
        then ${isForced} or l.tried_at is null or l.tried_at < ${before(lookAgainSeconds.entered)}::timestamptz
      when exists (select from work_entries e where e.worker_id = ${workerId} and e.repository_id = r.id
        and e.sha is not null and e.whereabouts in ('pushed', 'only_here', 'in_keep_ref', 'missing'))
        then ${isForced} or l.tried_at is null or l.tried_at < ${before(lookAgainSeconds.open)}::timestamptz
      else l.tried_at is not null
        and (${isForced} or l.tried_at < ${before(lookAgainSeconds.settled)}::timestamptz) end
    order by l.tried_at nulls first, r.id`);
  return rows.map((row) => ({
    repositoryId: row.repository_id,
    name: row.name,
    origin: row.origin,
    defaultBranch: row.default_branch,
    defaultHead: row.default_head,
    staleRefs: row.stale_refs ?? [],
    originSeenAt: row.origin_seen_at ? new Date(row.origin_seen_at) : null,
    isFirst: row.looked_at === null,
  }));
}
