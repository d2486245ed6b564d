import { sql } from "drizzle-orm";
import { compareQueue } from "@/server/differences/compare-queue";
import { type QueueFacts, readQueueFacts } from "@/server/differences/read-queue-facts";
import { heldStatuses, isHeld } from "@/server/domain/run-status";
import { workerAwaySeconds } from "@/server/domain/worker";
import { type BrokenInvariant, broken, type Judged } from "./broken-invariant";

/**
 * I5: somebody alive drives each run that is held. I11: no queued run waits while a slot is free for
 * it. I12: runs and jobs name one another.
 */
export async function checkProgress(judged: Judged): Promise<BrokenInvariant[]> {
  const facts = await readQueueFacts(judged.db);
  return [
    ...compareQueue(facts, 0).flatMap(({ kind, title }) => {
      if (kind === "held_by_absent_worker") return [];
      const subject = /#\d+/.exec(title)?.[0] ?? "queue";
      return [broken(kind === "queued_run_without_job" ? "I11" : "I12", subject, title)];
    }),
    ...findUndriven(facts, judged.graceSeconds),
    ...(await findStarving(judged)),
  ];
}

function findUndriven({ runs, jobs, workers, now }: QueueFacts, graceSeconds: number) {
  const isOld = (at: Date, seconds: number) => now.getTime() - at.getTime() > seconds * 1000;
  return runs.flatMap((run): BrokenInvariant[] => {
    if (!isHeld(run.status) || !isOld(run.statusSince, graceSeconds)) return [];
    const worker = workers.find(({ id }) => id === run.workerId);
    const subject = `#${run.number}`;
    const isAway =
      !worker || worker.stoppedAt || isOld(worker.heartbeatAt, workerAwaySeconds + graceSeconds);
    if (isAway) return [broken("I5", subject, `it is ${run.status}, and its worker is away`)];
    const job = jobs.find(({ runId }) => runId === run.id);
    const lastSign = job?.heartbeatAt ?? job?.createdAt;
    if (!lastSign || !isOld(lastSign, graceSeconds)) return [];
    return [broken("I5", subject, `it is ${run.status}, and nobody beats for its job`)];
  });
}

const held = sql.raw(heldStatuses.map((status) => `'${status}'`).join(", "));

interface Starving extends Record<string, unknown> {
  number: string;
  worker: string;
  free: number;
}

/** Runs that nothing keeps waiting: neither time, workspace, session, agent, worker nor slots. */
async function findStarving({ db, graceSeconds }: Judged): Promise<BrokenInvariant[]> {
  const { rows } = await db.execute<Starving>(sql`
    with open_workers as (
      select w.id, w.name, w.facts, coalesce(w.capacity, w.slots)
        - (select count(*) from runs h where h.worker_id = w.id and h.status in (${held})) as free
      from workers w
      where w.stopped_at is null and w.lost_at is null and w.drain_asked_at is null
        and w.heartbeat_at > clock_timestamp() - make_interval(secs => ${workerAwaySeconds})
    )
    select r.number, min(w.name) as worker, sum(w.free)::int as free
    from runs r
    join workspaces s on s.id = r.workspace_id
    join open_workers w on w.free > 0 and (s.worker_id is null or s.worker_id = w.id)
    where r.status = 'queued' and s.state <> 'removing'
      and r.wait_reason is distinct from 'disk_low'
      and greatest(r.available_at, r.status_since)
        < clock_timestamp() - make_interval(secs => ${graceSeconds})
      and not exists (select from runs h where h.status in (${held})
        and (h.workspace_id = r.workspace_id or h.session_id = r.session_id))
      and exists (select from jsonb_array_elements(w.facts -> 'agents') a
        where a ->> 'kind' = r.agent and a ->> 'problem' is null)
    group by r.id order by r.number`);
  return rows.map(({ number, worker, free }) =>
    broken("I11", `#${number}`, `it is queued while ${free} slots are free, e.g. on ${worker}`),
  );
}
