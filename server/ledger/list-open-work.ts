import { sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import type { RepositoryId, RunId, Sha, WorkerId } from "@/server/domain/ids";

/** A commit that is to be looked for, with the ranges that it may have been squashed in. */
export interface OpenWork {
  id: number;
  runId: RunId;
  sha: Sha;
  isLetGo: boolean;
  /** It was entered, or is to be looked at again, since the last look. */
  isNew: boolean;
  wasPushed: boolean;
  runCreatedAt: Date;
  baseCommit: Sha | null;
  headCommit: Sha | null;
  sessionBase: Sha | null;
  sessionHead: Sha | null;
}

interface Row extends Record<string, unknown> {
  id: string;
  run_id: RunId;
  sha: Sha;
  is_let_go: boolean;
  is_new: boolean;
  was_pushed: boolean;
  created_at: string;
  base_commit: Sha | null;
  head_commit: Sha | null;
  session_base: Sha | null;
  session_head: Sha | null;
}

/** The next commits after `afterId` that are not merged for good, in the order of their ids. */
export async function listOpenWork(
  db: Executor,
  input: { repositoryId: RepositoryId; workerId: WorkerId; afterId: number; limit: number },
): Promise<OpenWork[]> {
  const { repositoryId, workerId, afterId, limit } = input;
  const { rows } = await db.execute<Row>(sql`
    select e.id, e.run_id, e.sha, e.let_go_at is not null as is_let_go, e.looked_at is null as is_new, e.whereabouts = 'pushed' as was_pushed,
      r.created_at, r.base_commit, r.head_commit, earliest.base_commit as session_base,
      latest.head_commit as session_head
    from work_entries e
    join runs r on r.id = e.run_id
    left join lateral (select base_commit from runs s where s.session_id = r.session_id
      and s.base_commit is not null order by s.created_at, s.id limit 1) earliest on true
    left join lateral (select head_commit from runs s where s.session_id = r.session_id
      and s.head_commit is not null order by s.created_at desc, s.id desc limit 1) latest on true
    where e.worker_id = ${workerId} and e.repository_id = ${repositoryId} and e.id > ${afterId}
      and e.sha is not null
      and (e.looked_at is null or e.whereabouts in ('pushed', 'only_here', 'in_keep_ref', 'missing'))
    order by e.id limit ${limit}`);
  return rows.map((row) => ({
    id: Number(row.id),
    runId: row.run_id,
    sha: row.sha,
    isLetGo: row.is_let_go,
    isNew: row.is_new,
    wasPushed: row.was_pushed,
    runCreatedAt: new Date(row.created_at),
    baseCommit: row.base_commit,
    headCommit: row.head_commit,
    sessionBase: row.session_base,
    sessionHead: row.session_head,
  }));
}
