import { type SQL, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import type { WorkspaceFacts } from "@/server/domain/cleanup";
import { findRules, type RetentionPolicies } from "@/server/domain/retention";
import type { RunStatus } from "@/server/domain/run-status";
import type { WorkspaceState } from "@/server/domain/workspace";
import { isWorkerAlive } from "@/server/workers/find-live-workers";

interface Row extends Record<string, unknown> {
  id: string;
  kind: "temporary" | "persistent";
  state: WorkspaceState;
  repository: string;
  workflow: string | null;
  worker_id: string | null;
  worker_name: string | null;
  heartbeat_at: string | null;
  stopped_at: string | null;
  bytes: string | null;
  created_at: string;
  last_id: string | null;
  last_number: string | null;
  last_status: RunStatus | null;
  last_ended_at: string | null;
  open_number: string | null;
  pinned_by: string | null;
  is_read: boolean;
  is_uncollected: boolean | null;
  left_out: { path: string; why: string }[] | null;
}

export interface FactsScope {
  policies: RetentionPolicies;
  /** Only of this repository. */
  repositoryId: string | null;
  limit: number;
  now: Date;
}

/** Workspaces that lie on a disk, with all that decides whether they may go, oldest first. */
export async function readWorkspaceFacts(
  db: Executor,
  { policies, repositoryId, limit, now }: FactsScope,
): Promise<WorkspaceFacts[]> {
  const where = repositoryId ? sql`and w.repository_id = ${repositoryId}::uuid` : sql``;
  const { rows } = await db.execute<Row>(select(where, limit, now));
  return rows.map((row) => toFacts(row, policies, now));
}

/**
 * `last` is the newest run that has ended, with its workflow and newest attempt; a run that is not
 * over counts by itself. Each lateral is one look into an index of `runs` or `pins`.
 */
function select(where: SQL, limit: number, now: Date): SQL {
  return sql`
    select w.id, w.kind, w.state, p.name as repository, w.bytes, w.created_at,
      coalesce(last.workflow, open.workflow) as workflow,
      k.id as worker_id, k.name as worker_name, k.heartbeat_at, k.stopped_at,
      last.id as last_id, last.number as last_number, last.status as last_status,
      last.ended_at as last_ended_at, open.number as open_number, pin.created_by as pinned_by,
      exists (select 1 from pins r where r.kind = 'reader' and r.workspace_id = w.id
        and r.until > ${now.toISOString()}::timestamptz) as is_read,
      last.is_uncollected, snapshot.left_out
    from workspaces w
    join repositories p on p.id = w.repository_id
    left join workers k on k.id = w.worker_id
    left join lateral (
      select r.id, r.number, r.status, r.ended_at, f.name as workflow,
        a.agent_started_at is not null and a.head_commit is null as is_uncollected
      from runs r
      join workflow_versions v on v.id = r.workflow_version_id
      join workflows f on f.id = v.workflow_id
      left join attempts a on a.run_id = r.id and a.number = r.attempt_number
      where r.workspace_id = w.id and r.ended_at is not null
      order by r.created_at desc, r.id desc limit 1
    ) last on true
    left join lateral (
      select r.number, f.name as workflow from runs r
      join workflow_versions v on v.id = r.workflow_version_id
      join workflows f on f.id = v.workflow_id
      where r.workspace_id = w.id and r.ended_at is null
      order by r.created_at, r.id limit 1
    ) open on true
    left join lateral (
      select i.created_by from pins i where i.kind = 'member' and (i.workspace_id = w.id
        or i.run_id in (select r.id from runs r where r.workspace_id = w.id)) limit 1
    ) pin on true
    left join lateral (
      select s.left_out from snapshots s where s.run_id = last.id order by s.number desc limit 1
    ) snapshot on true
    where w.state in ('creating', 'ready', 'removing') ${where}
    order by w.created_at, w.id limit ${limit}`;
}

function toFacts(row: Row, policies: RetentionPolicies, now: Date): WorkspaceFacts {
  const { id, kind, state, repository, workflow } = row;
  return {
    ...{ id, kind, state, repository, workflow },
    ...findRules(policies, { repository, workflow }),
    host: toHost(row, now),
    bytes: row.bytes === null ? null : Number(row.bytes),
    createdAt: new Date(row.created_at),
    last: toLast(row),
    openRun: row.open_number === null ? null : Number(row.open_number),
    pinnedBy: row.pinned_by,
    isBeingRead: row.is_read,
    isUncollected: row.is_uncollected === true,
    leftOut: (row.left_out ?? []).filter(isStoredNowhere).map(({ path }) => path),
  };
}

/** Huge files and those of submodules are kept beside the branches before a workspace goes. */
function isStoredNowhere({ why }: { why: string }): boolean {
  return !/^(?:larger than|a submodule)/.test(why);
}

function toLast(row: Row): WorkspaceFacts["last"] {
  const { last_id: id, last_number: number, last_status: status, last_ended_at: endedAt } = row;
  if (!id || !status || !endedAt) return null;
  return { id, number: Number(number), status, endedAt: new Date(endedAt) };
}

export function toHost(
  row: {
    worker_id: string | null;
    worker_name: string | null;
    heartbeat_at: string | null;
    stopped_at: string | null;
  },
  now: Date,
): WorkspaceFacts["host"] {
  if (!row.worker_id || !row.worker_name || !row.heartbeat_at) return null;
  const stoppedAt = row.stopped_at ? new Date(row.stopped_at) : null;
  const isAlive = isWorkerAlive({ heartbeatAt: new Date(row.heartbeat_at), stoppedAt }, now);
  return { workerId: row.worker_id, name: row.worker_name, isAlive };
}
