import { sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import type { OutputFacts } from "@/server/domain/cleanup";
import { leastTrimBytes } from "@/server/domain/output-trim";
import { findRules } from "@/server/domain/retention";
import type { FactsScope } from "./read-workspace-facts";

interface Row extends Record<string, unknown> {
  run_id: string;
  number: string;
  repository: string;
  workflow: string;
  ended_at: string;
  pinned_by: string | null;
  is_read: boolean;
  streams: { storedBytes: number; keptBytes: number | null }[];
}

/** Ended runs with output that is worth a cut, those that ended first before the others. */
export async function readOutputFacts(
  db: Executor,
  { policies, repositoryId, limit, now }: FactsScope,
): Promise<OutputFacts[]> {
  const where = repositoryId ? sql`and r.repository_id = ${repositoryId}::uuid` : sql``;
  const { rows } = await db.execute<Row>(sql`
    with stored as (
      select a.run_id, s.bytes - coalesce(t.to_byte - t.from_byte, 0) as bytes, t.kept_bytes
      from attempts a
      cross join lateral (values ('output', a.output_bytes), ('stderr', a.stderr_bytes))
        as s (stream, bytes)
      left join output_trims t on t.attempt_id = a.id and t.stream = s.stream
      where a.output_bytes + a.stderr_bytes >= ${leastTrimBytes} and s.bytes > 0
    ), big as (
      select run_id, json_agg(json_build_object('storedBytes', bytes, 'keptBytes', kept_bytes))
        as streams
      from stored group by run_id having sum(bytes) >= ${leastTrimBytes}
    )
    select r.id as run_id, r.number, p.name as repository, f.name as workflow, r.ended_at,
      big.streams, pin.created_by as pinned_by,
      exists (select 1 from pins i where i.kind = 'reader' and i.run_id = r.id
        and i.until > ${now.toISOString()}::timestamptz) as is_read
    from big
    join runs r on r.id = big.run_id
    join repositories p on p.id = r.repository_id
    join workflow_versions v on v.id = r.workflow_version_id
    join workflows f on f.id = v.workflow_id
    left join pins pin on pin.run_id = r.id and pin.kind = 'member'
    where r.ended_at is not null ${where}
    order by r.ended_at, r.id limit ${limit}`);
  return rows.map((row) => ({
    runId: row.run_id,
    number: Number(row.number),
    repository: row.repository,
    workflow: row.workflow,
    endedAt: new Date(row.ended_at),
    pinnedBy: row.pinned_by,
    isBeingRead: row.is_read,
    streams: row.streams,
    ...findRules(policies, row),
  }));
}

/** Stored bytes of all output, without what was trimmed. */
export async function readTotalOutput(db: Executor): Promise<number> {
  const { rows } = await db.execute<{ bytes: string | null }>(sql`
    select (select coalesce(sum(output_bytes + stderr_bytes), 0) from attempts)
      - (select coalesce(sum(to_byte - from_byte), 0) from output_trims) as bytes`);
  return Number(rows[0]?.bytes ?? 0);
}
