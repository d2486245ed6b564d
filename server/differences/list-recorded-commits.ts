import { sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import type { RepositoryId, RunId, Sha, WorkerId } from "@/server/domain/ids";

/** A commit that a row names, which the mirror of the run's host must therefore have. */
export interface RecordedCommit {
  repositoryId: RepositoryId;
  runId: RunId;
  runNumber: number;
  attemptNumber: number;
  workspaceId: string;
  sha: Sha;
  /** Which rows name it. */
  as: string;
}

interface Row extends Record<string, unknown> {
  repository_id: RepositoryId;
  run_id: RunId;
  run_number: string;
  attempt_number: number;
  workspace_id: string;
  sha: Sha;
  recorded_as: string;
}

/**
 * Every commit that is recorded of the runs that a worker has begun: base, head, history, snapshots.
 * Rows are written after the mirror has the commit, so reading them first and the mirror second
 * accuses nobody.
 */
export async function listRecordedCommits(
  db: Executor,
  workerId: WorkerId,
): Promise<RecordedCommit[]> {
  const { rows } = await db.execute<Row>(sql`
    with begun as (
      select id, number, repository_id, attempt_number, workspace_id, base_commit, head_commit
      from runs where worker_id = ${workerId} and started_at is not null
    ), named as (
      select id as run_id, base_commit as sha, 'base' as recorded_as from begun
      union all select id, head_commit, 'head' from begun
      union all select c.run_id, c.sha, 'history' from commits c join begun on begun.id = c.run_id
      union all select s.run_id, s.sha, 'snapshot' from snapshots s join begun on begun.id = s.run_id
      union all select a.run_id, a.head_commit, 'head of an attempt'
        from attempts a join begun on begun.id = a.run_id
    )
    select begun.repository_id, begun.id as run_id, begun.number as run_number,
      begun.attempt_number, begun.workspace_id, named.sha,
      string_agg(distinct named.recorded_as, ', ' order by named.recorded_as) as recorded_as
    from named join begun on begun.id = named.run_id
    where named.sha is not null
    group by begun.repository_id, begun.id, begun.number, begun.attempt_number,
      begun.workspace_id, named.sha`);
  return rows.map((row) => ({
    repositoryId: row.repository_id,
    runId: row.run_id,
    runNumber: Number(row.run_number),
    attemptNumber: row.attempt_number,
    workspaceId: row.workspace_id,
    sha: row.sha,
    as: row.recorded_as,
  }));
}
