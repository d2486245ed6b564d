import { type SQL, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import type { CommitOrigin, MergeWay } from "@/server/domain/commit";
import type { LeftoverReason, WorkEntryView, WorkWhereabouts } from "@/server/domain/work";
import { workerAwaySeconds } from "@/server/domain/worker";
import { isAtRisk } from "./risk";

interface Row extends Record<string, unknown> {
  id: string;
  sha: string | null;
  origin: CommitOrigin | null;
  reason: LeftoverReason | null;
  title: string;
  why: string | null;
  author: string | null;
  ref: string | null;
  at: string;
  whereabouts: WorkWhereabouts;
  since: string;
  merged_by: MergeWay | null;
  merged_as: string | null;
  as_of: string | null;
  unknown_since: string | null;
  problem: string | null;
  is_at_risk: boolean;
  let_go_by: string | null;
  let_go_at: string | null;
  let_go_why: string | null;
  run_id: string;
  run_number: string;
  workflow: string;
  repository: string;
  session_id: string;
  branch: string | null;
  worker: string | null;
}

/**
 * Entries of the ledger that meet a condition on `e` (the entry), `r` (its run) and, by repository, `p`
 * (that), newest first. While its worker is away an entry is unknown since the last look.
 */
export async function readWorkEntries(
  db: Executor,
  input: { where: SQL; isByRepository: boolean; limit: number; now: Date },
): Promise<WorkEntryView[]> {
  const { where, isByRepository, limit, now } = input;
  const { rows } = await db.execute<Row>(sql`
    select e.id, e.sha, e.origin, e.reason, e.title, e.why, e.author, e.ref, e.at, e.whereabouts, e.since,
      e.merged_by, e.merged_as, ${asOf} as as_of, ${unknownSince(now)} as unknown_since, l.problem,
      (${isAtRisk}) as is_at_risk, e.let_go_by, e.let_go_at, e.let_go_why, r.id as run_id,
      r.number as run_number, f.name as workflow, p.name as repository, r.session_id, r.branch,
      w.name as worker
    from ${isByRepository ? pageByRepository(where, limit) : pageByRun(where, limit)} e
    join runs r on r.id = e.run_id
    join repositories p on p.id = e.repository_id
    join workflow_versions v on v.id = r.workflow_version_id
    join workflows f on f.id = v.workflow_id
    left join workers w on w.id = e.worker_id
    left join work_looks l on l.repository_id = e.repository_id and l.worker_id = e.worker_id
    order by ${isByRepository ? sql`p.name, e.id desc` : sql`e.id desc`}
    limit ${limit}`);
  return rows.map(toView);
}

/** The page is cut first, so that the rest is joined to what is on it alone. */
function pageByRun(where: SQL, limit: number): SQL {
  return sql`(select e.* from work_entries e join runs r on r.id = e.run_id
    where ${where} order by e.id desc limit ${limit})`;
}

/** Each repository gives its newest entries, of which the page takes what comes first by name. */
function pageByRepository(where: SQL, limit: number): SQL {
  return sql`(select e.* from repositories p cross join lateral (
      select e.* from work_entries e join runs r on r.id = e.run_id
      where e.repository_id = p.id and ${where} order by e.id desc limit ${limit}
    ) e order by p.name, e.id desc limit ${limit})`;
}

/** A leftover is looked at by itself; a commit with all of its repository. */
const asOf = sql`case when e.looked_at is null then null
  when e.sha is null or e.whereabouts = 'gone' then e.looked_at
  when e.whereabouts = 'missing' then l.looked_at else l.origin_seen_at end`;

/** Null for what is settled, and for what its worker sees. */
function unknownSince(now: Date): SQL {
  const oldestBeat = new Date(now.getTime() - workerAwaySeconds * 1000).toISOString();
  return sql`case when e.whereabouts in ('merged', 'gone') then null
    when w.stopped_at is not null or w.heartbeat_at < ${oldestBeat}::timestamptz
      then coalesce(l.unknown_since, l.looked_at, e.since)
    when e.sha is null then null else l.unknown_since end`;
}

function toView(row: Row): WorkEntryView {
  const date = (text: string | null) => (text === null ? null : new Date(text));
  return {
    id: Number(row.id),
    sha: row.sha,
    origin: row.origin,
    reason: row.reason,
    title: row.title,
    why: row.why,
    author: row.author,
    ref: row.ref,
    at: new Date(row.at),
    whereabouts: row.whereabouts,
    since: new Date(row.since),
    mergedBy: row.merged_by,
    mergedAs: row.merged_as,
    asOf: date(row.as_of),
    unknownSince: date(row.unknown_since),
    problem: row.problem,
    isAtRisk: row.is_at_risk,
    letGo:
      row.let_go_by && row.let_go_at
        ? { by: row.let_go_by, at: new Date(row.let_go_at), why: row.let_go_why ?? "" }
        : null,
    run: { id: row.run_id, number: Number(row.run_number) },
    workflow: { name: row.workflow },
    repository: { name: row.repository },
    sessionId: row.session_id,
    branch: row.branch,
    worker: row.worker,
  };
}
