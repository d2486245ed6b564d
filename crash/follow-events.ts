import { setTimeout as delay } from "node:timers/promises";
import { type Wake, wakeSchema } from "@/server/domain/run-view";

/** A reader of the live stream that comes back after each break, as a browser does. */
export interface EventReader {
  /** The ids of all events it was told of, as they came. */
  ids: number[];
  breaks: number;
  close(): Promise<void>;
}

const comeBackMs = 100;

/** Reads the stream from now on. Settles when it has a position, so that nothing later is missed. */
export async function followEvents(url: string, token: string): Promise<EventReader> {
  const reader = { ids: [] as number[], breaks: 0 };
  const closing = new AbortController();
  let position: string | null = null;
  let settle = () => {};
  const placed = new Promise<void>((resolve) => {
    settle = resolve;
  });
  const take = (id: string, data: string) => {
    position = id;
    for (const wake of readWakes(data)) if (wake.kind === "event") reader.ids.push(wake.id);
    settle();
  };
  const reading = readUntilClosed();
  await placed;
  return Object.assign(reader, {
    close: async () => {
      closing.abort();
      await reading;
    },
  });

  async function readUntilClosed(): Promise<void> {
    while (!closing.signal.aborted) {
      try {
        const headers = {
          authorization: `Bearer ${token}`,
          ...(position === null ? {} : { "last-event-id": position }),
        };
        const response = await fetch(url, { headers, signal: closing.signal });
        if (response.ok) await readMessages(response, take);
      } catch (error) {
        if (closing.signal.aborted) return;
        if (!isBroken(error)) throw error;
      }
      reader.breaks += 1;
      await delay(comeBackMs);
    }
  }
}

async function readMessages(response: Response, take: (id: string, data: string) => void) {
  let rest = "";
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    const messages = (rest + decoder.decode(chunk, { stream: true })).split("\n\n");
    rest = messages.pop() ?? "";
    for (const message of messages) {
      const id = /^id: (.*)$/m.exec(message)?.[1];
      const data = /^data: (.*)$/m.exec(message)?.[1];
      if (id !== undefined && data !== undefined) take(id, data);
    }
  }
}

/** As superjson writes them. */
function readWakes(data: string): Wake[] {
  const message: unknown = JSON.parse(data);
  const wakes = (message as { json?: unknown } | null)?.json;
  return Array.isArray(wakes) ? wakes.map((wake) => wakeSchema.parse(wake)) : [];
}

/** Refused, reset or cut off: the web process is away. */
function isBroken(error: unknown): boolean {
  return error instanceof TypeError || (error instanceof Error && error.name === "AbortError");
}
