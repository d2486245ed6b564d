import { and, asc, eq, gt, inArray, max, sql } from "drizzle-orm";
import { connectListener, type Database } from "@/db/client";
import { attempts, runEvents, runs, transcriptEntries } from "@/db/schema";
import { heldStatuses, type RunStatus } from "@/server/domain/run-status";
import { type Wake, wakeSchema } from "@/server/domain/run-view";
import { eventsChannel } from "./append-event";

/** The channel that tells how far a run's output and transcript have come. */
export const outputChannel = "coppice_output";

export type EventWake = Extract<Wake, { kind: "event" }>;
export type OutputWake = Extract<Wake, { kind: "output" }>;

export interface BusListener {
  /** In order of their ids, each once. */
  onEvents(events: EventWake[]): void;
  onOutput(output: OutputWake): void;
  /** The bus is no more: its database is being left. */
  onClose(): void;
}

/** The one LISTEN connection of a process and its fan-out in memory. */
export interface EventBus {
  /** Settles when it listens, or cannot: then it never will, and a new bus is needed. */
  ready: Promise<void>;
  /** Events committed after this call, and maybe some before it, reach the listener. */
  subscribe(listener: BusListener): Promise<() => void>;
  listeners(): number;
  close(): Promise<void>;
}

export interface BusOptions {
  db: Database;
  url: string;
  /** How often events are looked for even if nothing woke us. Null: never. */
  lookAgainSeconds: number | null;
  onError: (error: unknown) => void;
}

const pageSize = 500;

/**
 * Opens the bus. A NOTIFY only wakes it: it reads events by number, so that one lost with a broken
 * connection is found at the next wake, and none comes twice or out of order.
 */
export function openEventBus({ db, url, lookAgainSeconds, onError }: BusOptions): EventBus {
  const connection = connectListener(url);
  const listeners = new Set<BusListener>();
  let last: number | null = null;
  let isReading = false;
  let isStale = false;
  let isClosed = false;

  const read = async () => {
    isStale = true;
    if (isReading || isClosed) return;
    isReading = true;
    try {
      while (isStale && !isClosed) {
        isStale = false;
        last ??= await findLastEventId(db);
        const events = await readEventsAfter(db, last, pageSize);
        if (events.length === pageSize) isStale = true;
        last = events.at(-1)?.id ?? last;
        if (events.length > 0) for (const listener of listeners) listener.onEvents(events);
      }
    } catch (error) {
      // Nothing is lost: `last` has not moved, and the next wake or look reads on from there.
      onError(error);
    } finally {
      isReading = false;
    }
  };

  const announceOutput = (output: OutputWake) => {
    for (const listener of listeners) listener.onOutput(output);
  };
  const catchUp = async () => {
    await read();
    if (listeners.size === 0) return;
    for (const output of await readOutputLengths(db)) announceOutput(output);
  };
  let isConnected = false;
  const onListen = () => {
    if (isConnected) catchUp().catch(onError);
    isConnected = true;
  };
  const listening = Promise.all([
    connection.listen(eventsChannel, () => void read(), onListen),
    connection.listen(outputChannel, (payload) => {
      const output = parseOutput(payload);
      if (output) announceOutput(output);
      else onError(new Error(`not an output notice: ${payload.slice(0, 200)}`));
    }),
  ]).then(read);
  const looking = lookAgainSeconds
    ? setInterval(() => void (listeners.size > 0 && read()), lookAgainSeconds * 1000).unref()
    : null;

  return {
    ready: listening,
    subscribe: async (listener) => {
      await listening;
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    listeners: () => listeners.size,
    close: async () => {
      isClosed = true;
      if (looking) clearInterval(looking);
      for (const listener of listeners) listener.onClose();
      await connection.end({ timeout: 1 });
    },
  };
}

/** A throw here would end the process, for it is called from within the driver. */
function parseOutput(payload: string): OutputWake | null {
  try {
    const wake = wakeSchema.safeParse({ ...JSON.parse(payload), kind: "output" }).data;
    return wake?.kind === "output" ? wake : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

export async function findLastEventId(db: Database): Promise<number> {
  const [row] = await db.select({ id: max(runEvents.id) }).from(runEvents);
  return row?.id ?? 0;
}

/** Ids follow commit order, so nothing can later appear below the last one read. */
export async function readEventsAfter(
  db: Database,
  after: number,
  limit: number,
): Promise<EventWake[]> {
  const rows = await db
    .select({
      id: runEvents.id,
      runId: runEvents.runId,
      event: runEvents.kind,
      status: sql<RunStatus | null>`${runEvents.data}->>'to'`,
    })
    .from(runEvents)
    .where(gt(runEvents.id, after))
    .orderBy(asc(runEvents.id))
    .limit(limit);
  return rows.map((row) => ({ kind: "event", ...row }));
}

/** After a broken connection: how far the output of live runs has come, for nobody will say it again. */
async function readOutputLengths(db: Database): Promise<OutputWake[]> {
  const rows = await db
    .select({
      runId: runs.id,
      bytes: attempts.outputBytes,
      entries: sql<number>`coalesce((select max(${transcriptEntries.seq}) from ${transcriptEntries}
        where ${transcriptEntries.runId} = ${runs.id}), 0)`.mapWith(Number),
    })
    .from(runs)
    .innerJoin(attempts, and(eq(attempts.runId, runs.id), eq(attempts.number, runs.attemptNumber)))
    .where(inArray(runs.status, [...heldStatuses]));
  return rows.map((row) => ({ kind: "output", ...row }));
}
