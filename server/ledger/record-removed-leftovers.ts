import { sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import type { WorkerId } from "@/server/domain/ids";

/**
 * What lay in a workspace that was removed is gone, by the word of the operator who asked for that. A
 * removal is refused while files are there that could not be stored, so this meets what git ignores
 * and what somebody had taken away before.
 */
export async function recordRemovedLeftovers(db: Executor, workerId: WorkerId): Promise<void> {
  await db.execute(sql`
    update work_entries e
    set whereabouts = 'gone', since = w.removed_at, looked_at = now(),
      let_go_by = coalesce(e.let_go_by, asked.actor, 'system:coppice'),
      let_go_at = coalesce(e.let_go_at, asked.at, w.removed_at),
      let_go_why = coalesce(e.let_go_why, 'Its workspace was removed.')
    from runs r
    join workspaces w on w.id = r.workspace_id
    left join lateral (select a.actor, a.at from audit_log a
      where a.target = 'workspace:' || w.id and a.action = 'workspace.removal_asked'
      order by a.id desc limit 1) asked on true
    where r.id = e.run_id and e.worker_id = ${workerId} and e.sha is null and e.reason <> 'set_aside'
      and e.whereabouts in ('in_workspace', 'missing') and w.state = 'removed' and w.removed_at is not null`);
}
