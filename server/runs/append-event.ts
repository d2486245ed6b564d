import { sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import type { RunId } from "@/server/domain/ids";
import type { RunEventData, RunEventKind } from "@/server/domain/run-events";

/** The channel that wakes readers of events; its payload carries ids only. */
export const eventsChannel = "coppice_events";

/** What happened; who and when are said once for all that is appended together. */
export interface EventFact {
  kind: RunEventKind;
  data: RunEventData;
  /** Who did it, where that is another than of the rest. */
  actor?: string;
}

export interface NewEvents {
  runId: RunId;
  actor: string;
  now: Date;
  /** One or more, in this order. */
  facts: EventFact[];
}

/** Appends one fact about a run and wakes readers; see `appendEvents`. */
export async function appendEvent(
  tx: Transaction,
  { kind, data, ...rest }: Omit<NewEvents, "facts"> & EventFact,
): Promise<number> {
  return appendEvents(tx, { ...rest, facts: [{ kind, data }] });
}

/**
 * Appends facts about a run and wakes readers. The only writer of events. A lock makes ids follow
 * commit order (identity order is not: 840 of 4,000 came out of order), so call this last in its
 * transaction: the lock is held until the commit.
 * @returns the id of the last one.
 */
export async function appendEvents(tx: Transaction, events: NewEvents): Promise<number> {
  const { runId, actor, now } = events;
  const { rows } = await tx.execute<{ id: string | null }>(sql`
    select append_run_events(
      ${runId}::uuid, ${now.toISOString()}::timestamptz, ${actor}::text,
      ${JSON.stringify(events.facts)}::jsonb) as id`);
  const id = rows[0]?.id;
  if (!id) throw new Error(`no event was appended to run ${runId}`);
  return Number(id);
}
