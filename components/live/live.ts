import type { Wake } from "@/server/domain/run-view";

/** `live`: what happens on the server shows at once. `reconnecting`: it may not, and we try. */
export type Connection = "connecting" | "live" | "reconnecting";

/** What a tab knows of the browser's one stream; the pages listen to it. */
export interface Live {
  connection(): Connection;
  onConnection(listener: () => void): () => void;
  onWakes(listener: (wakes: Wake[]) => void): () => void;
  setConnection(connection: Connection): void;
  wake(wakes: Wake[]): void;
}

export function createLive(): Live {
  const wakeListeners = new Set<(wakes: Wake[]) => void>();
  const connectionListeners = new Set<() => void>();
  let connection: Connection = "connecting";
  return {
    connection: () => connection,
    onConnection: (listener) => join(connectionListeners, listener),
    onWakes: (listener) => join(wakeListeners, listener),
    setConnection(next) {
      if (next === connection) return;
      connection = next;
      for (const listener of connectionListeners) listener();
    },
    wake(wakes) {
      for (const listener of wakeListeners) listener(wakes);
    },
  };
}

function join<Listener>(listeners: Set<Listener>, listener: Listener): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}
