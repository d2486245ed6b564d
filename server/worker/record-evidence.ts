import { sql } from "drizzle-orm";
import { findMarked } from "@/server/agents/end-agent";
import { lookAtProcesses, type SeenProcesses } from "@/server/agents/look-at-processes";
import type { AttemptId, RunId } from "@/server/domain/ids";
import type { WorkerContext } from "./context";
import type { DrivenRuns } from "./hold-run";

interface Watched extends Record<string, unknown> {
  attempt_id: AttemptId;
  run_id: RunId;
  control_path: string;
  fence: number;
  has_ended: boolean;
}

/**
 * Writes down what is to be seen of every attempt that this worker holds, and once more of each that
 * has ended since: one statement reads which, one writes all. What a run's status is judged by.
 */
export async function recordEvidence(context: WorkerContext, driven: DrivenRuns): Promise<void> {
  const watched = await listWatched(context);
  if (watched.length === 0) return;
  const looks = watched.map((attempt) => {
    const seen = lookAtProcesses(attempt.control_path);
    const leftOver = attempt.has_ended ? findLeftOver(attempt, seen) : [];
    const isDead = !seen.isAgentAlive && !seen.isNamespaceAlive && leftOver.length === 0;
    const isDriven = driven.get(attempt.run_id)?.hold.attemptId === attempt.attempt_id;
    return toRow(attempt, seen, {
      isDriven,
      leftOver,
      isSettled: attempt.has_ended && isDead && !seen.isKeeperAlive,
    });
  });
  await saveLooks(context, looks);
}

async function listWatched(context: WorkerContext): Promise<Watched[]> {
  const { rows } = await context.db.execute<Watched>(sql`
    select a.id as attempt_id, a.run_id, a.control_path, r.fence,
      a.ended_at is not null as has_ended
    from runs r
    join attempts a on a.run_id = r.id and a.number = r.attempt_number
    where r.worker_id = ${context.worker.id}
      and r.status in ('preparing', 'running', 'waiting', 'finishing')
    union
    select a.id, a.run_id, a.control_path, r.fence, a.ended_at is not null
    from attempt_evidence e
    join attempts a on a.id = e.attempt_id
    join runs r on r.id = a.run_id
    where e.worker_id = ${context.worker.id} and not e.is_settled`);
  return rows;
}

/** With a pid namespace the kernel vouches for its end, and no sweep is needed. */
function findLeftOver(attempt: Watched, seen: SeenProcesses): number[] {
  if (seen.isNamespaceAlive !== null) return [];
  const mark = { runId: attempt.run_id, attemptId: attempt.attempt_id };
  return findMarked(mark, { keeper: null }).filter((pid) => pid !== seen.keeperPid);
}

function toRow(
  attempt: Watched,
  seen: SeenProcesses,
  judged: { isDriven: boolean; leftOver: number[]; isSettled: boolean },
) {
  return {
    attempt_id: attempt.attempt_id,
    fence: attempt.fence,
    phase: seen.phase,
    is_driven: judged.isDriven,
    keeper_pid: seen.keeperPid,
    is_keeper_alive: seen.isKeeperAlive,
    pid: seen.pid,
    is_agent_alive: seen.isAgentAlive,
    is_namespace_alive: seen.isNamespaceAlive,
    left_over: judged.leftOver,
    exit_code: seen.exit?.code ?? null,
    exit_signal: seen.exit?.signal ?? null,
    exit_at: seen.exit?.at ?? null,
    spool_bytes: seen.spoolBytes,
    spool_at: seen.spoolAt,
    keeper_beat_at: seen.keeperBeatAt,
    is_settled: judged.isSettled,
  };
}

/** `changed_at` stays for as long as what was seen of the processes stays the same. */
async function saveLooks(context: WorkerContext, looks: ReturnType<typeof toRow>[]): Promise<void> {
  await context.db.execute(sql`
    insert into attempt_evidence as known (
      attempt_id, worker_id, fence, looked_at, changed_at, phase, is_driven, keeper_pid,
      is_keeper_alive, pid, is_agent_alive, is_namespace_alive, left_over, exit_code, exit_signal,
      exit_at, spool_bytes, spool_at, keeper_beat_at, is_settled
    )
    select attempt_id, ${context.worker.id}, fence, now(), now(), phase, is_driven, keeper_pid,
      is_keeper_alive, pid, is_agent_alive, is_namespace_alive, left_over, exit_code, exit_signal,
      exit_at, spool_bytes, spool_at, keeper_beat_at, is_settled
    from jsonb_to_recordset(${JSON.stringify(looks)}::jsonb) as seen(
      attempt_id uuid, fence int, phase text, is_driven boolean, keeper_pid int,
      is_keeper_alive boolean, pid int, is_agent_alive boolean, is_namespace_alive boolean,
      left_over jsonb, exit_code int, exit_signal text, exit_at timestamptz, spool_bytes bigint,
      spool_at timestamptz, keeper_beat_at timestamptz, is_settled boolean
    )
    on conflict (attempt_id) do update set
      (worker_id, fence, looked_at, phase, is_driven, keeper_pid, is_keeper_alive, pid,
       is_agent_alive, is_namespace_alive, left_over, exit_code, exit_signal, exit_at, spool_bytes,
       spool_at, keeper_beat_at, is_settled)
      = (excluded.worker_id, excluded.fence, excluded.looked_at, excluded.phase,
       excluded.is_driven, excluded.keeper_pid, excluded.is_keeper_alive, excluded.pid,
       excluded.is_agent_alive, excluded.is_namespace_alive, excluded.left_over,
       excluded.exit_code, excluded.exit_signal, excluded.exit_at, excluded.spool_bytes,
       excluded.spool_at, excluded.keeper_beat_at, excluded.is_settled),
      changed_at = case
        when (known.phase, known.is_driven, known.is_keeper_alive, known.is_agent_alive)
          is distinct from
          (excluded.phase, excluded.is_driven, excluded.is_keeper_alive, excluded.is_agent_alive)
        then excluded.changed_at else known.changed_at end`);
}
