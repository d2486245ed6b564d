import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { sql } from "drizzle-orm";
import { readControl } from "@/server/agents/read-control";
import { listProcesses } from "../crash/list-processes";
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
  const held = await db.execute<{ control_path: string }>(sql`
    select r.id, r.number, r.status, r.status_since, r.cancel_asked_at, r.cancel_asks, r.fence, r.pid, a.number as attempt,
      a.control_path, a.started_at, a.agent_started_at, a.is_terminal, a.exit_code, a.output_bytes, a.stderr_bytes,
      a.driver_offset, a.keeper_pid, now() as now
    from runs r join attempts a on a.run_id = r.id and a.number = r.attempt_number
    where r.status in ('preparing', 'running', 'waiting', 'finishing')`);
  return [
    ...[...runs.rows, ...workers.rows, ...sessions.rows].map((row) => JSON.stringify(row)),
    ...held.rows.flatMap((row) => [JSON.stringify(row), ...explainControl(row.control_path)]),
  ];
}

/** The control folder as it lies there, and the processes that know of it. */
function explainControl(folder: string): string[] {
  const files = readdirSync(folder).map((name) => {
    const { size, mtime } = statSync(path.join(folder, name));
    const isSmall = size < 200 && !["commands", "input", "ready"].includes(name);
    const text = isSmall ? readFileSync(path.join(folder, name), "utf8") : "";
    return `${name} ${size} ${mtime.toISOString()} ${JSON.stringify(text)}`;
  });
  const processes = listProcesses()
    .filter(({ environment }) => environment.some((line) => line.includes(path.dirname(folder))))
    .map(({ pid, command }) => `${pid} ${readState(pid)} ${command.slice(0, 120)}`);
  return [JSON.stringify(readControl(folder)), ...files, ...processes];
}

function readState(pid: number): string {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const wchan = readFileSync(`/proc/${pid}/wchan`, "utf8");
    return `${/^State:\s+(.*)$/m.exec(status)?.[1]} ${wchan}`;
  } catch {
    return "gone";
  }
}
