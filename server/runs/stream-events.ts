import { setTimeout as delay } from "node:timers/promises";
import type { Database } from "@/db/client";
import { crashAt } from "@/server/domain/crash-points";
import type { Wake } from "@/server/domain/run-view";
import {
  type BusListener,
  type EventBus,
  type EventWake,
  findLastEventId,
  type OutputWake,
  readEventsAfter,
} from "./event-bus";

export interface StreamOptions {
  /** The last event the reader has. Null: from now on. */
  after: number | null;
  /** The reader left: the stream returns. */
  left: AbortSignal;
  /** Reasons of ours to end it: the stream throws them, so that the reader comes back. */
  ending: AbortSignal[];
}

export interface WakeBatch {
  /** Where a reader that has this batch resumes. */
  lastEventId: number;
  wakes: Wake[];
}

const frameMilliseconds = 100;
const pageSize = 500;
/** A reader slower than this is served from the database instead of from memory. */
const maxQueued = 5_000;

/**
 * Wake-ups for one reader, every event exactly once and in order; of a run's output only the newest
 * notice. What is no change of status comes in at most ten batches a second. The first batch of a reader without a position names one.
 */
export async function* streamEvents(
  db: Database,
  bus: EventBus,
  options: StreamOptions,
): AsyncGenerator<WakeBatch, void, void> {
  const inbox = new Inbox();
  // Listen first and read what was missed second: the other order has a hole.
  const unsubscribe = await bus.subscribe(inbox);
  const signals = [options.left, ...options.ending];
  for (const signal of signals) signal.addEventListener("abort", inbox.wake);
  try {
    const newest = await findLastEventId(db);
    let last = Math.min(options.after ?? newest, newest);
    if (options.after === null) yield { lastEventId: last, wakes: [] };
    while (!hasEnded(options, inbox)) {
      const events = inbox.isBehind ? await readMissed(db, inbox, last) : inbox.takeEvents(last);
      const wakes = [...events, ...inbox.takeOutputs()];
      if (wakes.length === 0) {
        if (!inbox.isBehind) await inbox.filled();
        continue;
      }
      last = events.at(-1)?.id ?? last;
      await crashAt("mid:stream");
      yield { lastEventId: last, wakes };
      await Promise.race([delay(frameMilliseconds), inbox.hasNewStatus()]);
    }
  } finally {
    unsubscribe();
    for (const signal of signals) signal.removeEventListener("abort", inbox.wake);
  }
}

function hasEnded({ left, ending }: StreamOptions, inbox: Inbox): boolean {
  if (left.aborted) return true;
  for (const signal of ending) signal.throwIfAborted();
  if (inbox.isClosed) throw new DOMException("The event bus was closed.", "AbortError");
  return false;
}

async function readMissed(db: Database, inbox: Inbox, last: number): Promise<EventWake[]> {
  inbox.isBehind = false;
  const missed = await readEventsAfter(db, last, pageSize);
  if (missed.length === pageSize) inbox.isBehind = true;
  return missed;
}

/** What has come for one reader and was not sent yet. */
class Inbox implements BusListener {
  isBehind = true;
  isClosed = false;
  private events: EventWake[] = [];
  private outputs = new Map<string, OutputWake>();
  private resolve: (() => void) | null = null;

  onEvents(events: EventWake[]): void {
    this.events.push(...events);
    if (events.some(({ status }) => status !== null)) this.hurry?.();
    if (this.events.length > maxQueued) {
      this.events = [];
      this.isBehind = true;
    }
    this.wake();
  }

  onOutput(output: OutputWake): void {
    this.outputs.set(output.runId, output);
    this.wake();
  }

  onClose(): void {
    this.isClosed = true;
    this.wake();
  }

  takeEvents(after: number): EventWake[] {
    const events = this.events.filter((event) => event.id > after);
    this.events = [];
    return events;
  }

  takeOutputs(): OutputWake[] {
    const outputs = [...this.outputs.values()];
    this.outputs.clear();
    return outputs;
  }

  /** An arrow, because it stands as a listener of signals. */
  wake = (): void => {
    this.isWoken = true;
    this.resolve?.();
  };

  private isWoken = false;
  private hurry: (() => void) | null = null;

  /** Settles at the next change of a status: people wait for those, and they are few. */
  hasNewStatus(): Promise<void> {
    if (this.isClosed || this.events.some(({ status }) => status !== null))
      return Promise.resolve();
    return new Promise((resolve) => {
      this.hurry = resolve;
    });
  }

  /** Settles when something has come since it was asked last. */
  async filled(): Promise<void> {
    if (!this.isWoken)
      await new Promise<void>((resolve) => {
        this.resolve = resolve;
      });
    this.isWoken = false;
    this.resolve = null;
  }
}
