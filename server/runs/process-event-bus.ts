import type { Database } from "@/db/client";
import { databaseUrl } from "@/db/process-database";
import { describeError } from "@/server/domain/errors";
import { type EventBus, openEventBus } from "./event-bus";

/** On globalThis: Next gives routes module instances of their own, and one LISTEN is enough. */
const holder = globalThis as { coppiceEventBus?: EventBus };

/** The bus of this process, opened at the first stream, and again if it could not be opened. */
export function processEventBus(db: Database): EventBus {
  if (holder.coppiceEventBus) return holder.coppiceEventBus;
  const bus = openEventBus({
    db,
    url: databaseUrl(),
    lookAgainSeconds: 5,
    onError: (error) => console.error(`events: ${describeError(error)}`),
  });
  holder.coppiceEventBus = bus;
  bus.ready.catch(async (error: unknown) => {
    console.error(`events: cannot listen: ${describeError(error)}`);
    if (holder.coppiceEventBus === bus) holder.coppiceEventBus = undefined;
    await bus.close();
  });
  return bus;
}
