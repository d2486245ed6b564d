import { sql } from "drizzle-orm";
import type { Fleet } from "./fleet";

/** Where the runs stand that did not end: what waits for what, as the database and the queue have it. */
export async function explainOpen({ plan }: Fleet): Promise<string[]> {
  const { db } = plan;
  const runs = await db.execute<Record<string, unknown>>(sql`
    select r.status, r.wait_reason, r.job_queue, j.state as job, j.retry_count as retries,
      w.name as worker, ws.state as workspace, count(*)::int as runs, min(r.number)::int as first,
      min(r.available_at) as available, min(j.start_after) as job_starts, min(j.heartbeat_on) as beat
    from runs r left join pgboss.job j on j.id = r.job_id left join workspaces ws on ws.id = r.workspace_id
    left join workers w on w.id = ws.worker_id
    where r.ended_at is null group by 1, 2, 3, 4, 5, 6, 7 order by runs desc limit 30`);
  const workers = await db.execute<Record<string, unknown>>(sql`
    select name, heartbeat_at, now() - heartbeat_at as silent, capacity, drain_asked_at, lost_at from workers`);
  const sessions = await db.execute<Record<string, unknown>>(sql`
    select application_name, state, wait_event_type, wait_event, now() - state_change as since,
      left(query, 120) as query from pg_stat_activity where datname = current_database() order by 1`);
  return [...runs.rows, ...workers.rows, ...sessions.rows].map((row) => JSON.stringify(row));
}
