import { sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import type { SpoolFacts } from "@/server/domain/cleanup";
import { findRules } from "@/server/domain/retention";
import { type FactsScope, toHost } from "./read-workspace-facts";

interface Row extends Record<string, unknown> {
  attempt_id: string;
  run_id: string;
  number: string;
  repository: string;
  workflow: string;
  ended_at: string;
  pinned_by: string | null;
  bytes: string;
  worker_id: string | null;
  worker_name: string | null;
  heartbeat_at: string | null;
  stopped_at: string | null;
}

/**
 * Attempts of ended runs whose control folder is still there, oldest first. What lay on a host that
 * was declared lost is left to that host's return.
 */
export async function readSpoolFacts(
  db: Executor,
  { policies, repositoryId, limit, now }: FactsScope,
): Promise<SpoolFacts[]> {
  const where = repositoryId ? sql`and r.repository_id = ${repositoryId}::uuid` : sql``;
  const { rows } = await db.execute<Row>(sql`
    select a.id as attempt_id, r.id as run_id, r.number, p.name as repository,
      f.name as workflow, r.ended_at, pin.created_by as pinned_by,
      a.output_bytes + a.stderr_bytes as bytes, k.id as worker_id, k.name as worker_name,
      k.heartbeat_at, k.stopped_at
    from attempts a
    join runs r on r.id = a.run_id
    join repositories p on p.id = r.repository_id
    join workflow_versions v on v.id = r.workflow_version_id
    join workflows f on f.id = v.workflow_id
    join workers k on k.id = a.worker_id
    left join pins pin on pin.run_id = r.id and pin.kind = 'member'
    where a.control_removed_at is null and a.ended_at is not null and r.ended_at is not null
      and not exists (select 1 from left_workspaces l
        where l.attempt_id = a.id and l.settled_at is null) ${where}
    order by r.ended_at, a.id limit ${limit}`);
  return rows.flatMap((row) => {
    const host = toHost(row, now);
    if (!host) return [];
    return {
      attemptId: row.attempt_id,
      runId: row.run_id,
      number: Number(row.number),
      repository: row.repository,
      workflow: row.workflow,
      host,
      endedAt: new Date(row.ended_at),
      pinnedBy: row.pinned_by,
      bytes: Number(row.bytes),
      ...findRules(policies, row),
    };
  });
}
