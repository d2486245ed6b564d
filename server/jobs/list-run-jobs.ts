import { sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { type RunId, runIdSchema } from "@/server/domain/ids";
import { sharedQueue } from "./queues";

/** A job of a run that waits or is held. */
export interface RunJob {
  id: string;
  queue: string;
  /** Null when the job names none that could be one. */
  runId: RunId | null;
  state: "created" | "retry" | "active";
  createdAt: Date;
  /** When its holder beat last; null while nobody holds it. */
  heartbeatAt: Date | null;
}

interface Row extends Record<string, unknown> {
  id: string;
  name: string;
  state: RunJob["state"];
  run_id: string | null;
  created_ms: string;
  heartbeat_ms: string | null;
}

/** Every job of a run that waits or is held, in all queues: in the caller's snapshot of the database. */
export async function listRunJobs(db: Executor): Promise<RunJob[]> {
  const { rows } = await db.execute<Row>(sql`
    select id, name, state, data ->> 'runId' as run_id,
      extract(epoch from created_on) * 1000 as created_ms,
      extract(epoch from heartbeat_on) * 1000 as heartbeat_ms
    from pgboss.job
    where (name = ${sharedQueue} or name like ${`${sharedQueue}/%`})
      and state in ('created', 'retry', 'active')`);
  return rows.map((row) => ({
    id: row.id,
    queue: row.name,
    runId: runIdSchema.safeParse(row.run_id).data ?? null,
    state: row.state,
    createdAt: new Date(Number(row.created_ms)),
    heartbeatAt: row.heartbeat_ms === null ? null : new Date(Number(row.heartbeat_ms)),
  }));
}
