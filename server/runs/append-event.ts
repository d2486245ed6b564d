import { sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { advisoryLocks } from "@/db/locks";
import { runEvents } from "@/db/schema";
import type { RunId } from "@/server/domain/ids";
import type { RunEventData, RunEventKind } from "@/server/domain/run-events";

/** The channel that wakes readers of events; its payload carries ids only. */
export const eventsChannel = "coppice_events";

export interface NewEvent {
  runId: RunId;
  kind: RunEventKind;
  actor: string;
  data: RunEventData;
  now: Date;
}

/**
 * Appends a fact about a run and wakes readers. The only writer of events. The lock makes ids follow
 * commit order (identity order is not: 840 of 4,000 came out of order), so call this last in its
 * transaction: the lock is held until the commit.
 */
export async function appendEvent(tx: Transaction, event: NewEvent): Promise<number> {
  await tx.execute(sql`select pg_advisory_xact_lock(${advisoryLocks.appendEvent})`);
  const { runId, kind, actor } = event;
  const { rows } = await tx.execute<{ id: string }>(sql`
    with event as (
      insert into ${runEvents} (run_id, seq, kind, at, actor, data)
      values (
        ${runId}, (select coalesce(max(seq), 0) + 1 from ${runEvents} where run_id = ${runId}),
        ${kind}, ${event.now.toISOString()}::timestamptz, ${actor},
        ${JSON.stringify(event.data)}::jsonb
      )
      returning id
    )
    select id, pg_notify(${eventsChannel}, json_build_object(
      'id', id, 'runId', ${runId}::text, 'kind', ${kind}::text,
      'status', ${event.data.to ?? null}::text)::text)
    from event`);
  const [row] = rows;
  if (!row) throw new Error(`no event was appended to run ${runId}`);
  return Number(row.id);
}
