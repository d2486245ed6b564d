import { sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import type { WorkerId } from "@/server/domain/ids";
import type { LeftoverReason } from "@/server/domain/work";

export interface OpenLeftover {
  id: number;
  reason: LeftoverReason;
  /** As it was entered: a path, from the workspace's folder on or absolute. */
  title: string;
  workspacePath: string | null;
  isCapturedSince: boolean;
  isLetGo: boolean;
}

interface Row extends Record<string, unknown> {
  id: string;
  reason: LeftoverReason;
  title: string;
  path: string | null;
  is_captured_since: boolean;
  is_let_go: boolean;
}

/** The next leftovers of a worker's host that are still to be there, in the order of their ids. */
export async function listOpenLeftovers(
  db: Executor,
  { workerId, afterId, limit }: { workerId: WorkerId; afterId: number; limit: number },
): Promise<OpenLeftover[]> {
  const { rows } = await db.execute<Row>(sql`
    select e.id, e.reason, e.title, case w.state when 'quarantined' then w.quarantine_path else w.path end as path, e.let_go_at is not null as is_let_go,
      e.reason = 'uncaptured' and exists (
        select from runs s join attempts a on a.run_id = s.id
        where s.workspace_id = r.workspace_id and a.head_commit is not null and a.ended_at > e.at
      ) as is_captured_since
    from work_entries e
    join runs r on r.id = e.run_id
    join workspaces w on w.id = r.workspace_id
    where e.worker_id = ${workerId} and e.id > ${afterId} and e.sha is null
      and e.whereabouts in ('in_workspace', 'missing') and w.state <> 'removing'
    order by e.id limit ${limit}`);
  return rows.map((row) => ({
    id: Number(row.id),
    reason: row.reason,
    title: row.title,
    workspacePath: row.path,
    isCapturedSince: row.is_captured_since,
    isLetGo: row.is_let_go,
  }));
}
