import { setTimeout as delay } from "node:timers/promises";
import { ensureEmbeddedPostgres } from "@/server/embedded-postgres/ensure-embedded-postgres";

export interface OpenDatabase {
  /** May change when the embedded server had to move to another port. */
  url(): string;
  /** Looks after the embedded server; `onMoved` is called when its URL has changed. */
  watch(onMoved: () => void): void;
  /**
   * Stops the embedded server; a given one is left alone. What takes longer than
   * `timeoutSeconds` goes on by itself, and the next start waits for it.
   */
  close(timeoutSeconds: number): Promise<void>;
}

const lookMilliseconds = 500;

/** The database that this installation works on: the given one, or an embedded one in `home`. */
export async function openDatabase(
  given: string | null,
  home: string,
  log: (line: string) => void,
): Promise<OpenDatabase> {
  if (given !== null) return { url: () => given, watch: () => {}, close: async () => {} };
  log("Starting PostgreSQL…");
  let server = await ensureEmbeddedPostgres({ home, log });
  let rescue: Promise<void> | null = null;
  let timer: NodeJS.Timeout | undefined;

  async function bringBack(onMoved: () => void): Promise<void> {
    log("PostgreSQL is gone; starting it again…");
    const before = server.url;
    server = await ensureEmbeddedPostgres({ home, log });
    log(`PostgreSQL is back on port ${server.port}.`);
    if (server.url !== before) onMoved();
  }

  return {
    url: () => server.url,
    watch(onMoved) {
      timer = setInterval(() => {
        if (rescue || server.isAlive()) return;
        rescue = bringBack(onMoved)
          .catch((error: Error) => log(`PostgreSQL does not come back: ${error.message}`))
          .finally(() => {
            rescue = null;
          });
      }, lookMilliseconds);
    },
    async close(timeoutSeconds) {
      clearInterval(timer);
      await Promise.race([rescue, delay(1_000 * timeoutSeconds)]);
      if (server.isAlive()) await server.stop({ timeoutSeconds });
    },
  };
}
