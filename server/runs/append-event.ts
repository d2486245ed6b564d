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
  const [row] = await tx
    .insert(runEvents)
    .values({
      runId: event.runId,
      seq: sql`(select coalesce(max(seq), 0) + 1 from run_events where run_id = ${event.runId})`,
      kind: event.kind,
      at: event.now,
      actor: event.actor,
      data: event.data,
    })
    .returning({ id: runEvents.id });
  if (!row) throw new Error(`no event was appended to run ${event.runId}`);
  const payload = JSON.stringify({
    id: row.id,
    runId: event.runId,
    kind: event.kind,
    status: event.data.to ?? null,
  });
  await tx.execute(sql`select pg_notify(${eventsChannel}, ${payload})`);
  return row.id;
}
