import pg from "pg";
import { advisoryLocks } from "@/db/locks";
import { describeError } from "@/server/domain/errors";

export interface HeldName {
  release(): Promise<void>;
}

export interface HoldName {
  databaseUrl: string;
  name: string;
  log: (message: string) => void;
  /** Another worker has taken the name while the database was out of reach. */
  onTaken: () => void;
}

const retryMs = 500;

/**
 * Holds a worker's name by a lock of a database session, and takes it again after an outage.
 * @returns null when another living worker holds it.
 */
export async function holdName(options: HoldName): Promise<HeldName | null> {
  let isReleased = false;
  let holder: pg.Client | null = await tryToHold(options, lose);
  if (!holder) return null;

  function lose(): void {
    if (isReleased || !holder) return;
    holder = null;
    void regain();
  }

  async function regain(): Promise<void> {
    while (!isReleased && !holder) {
      await new Promise((resolve) => setTimeout(resolve, retryMs));
      if (isReleased) return;
      try {
        holder = await tryToHold(options, lose);
      } catch (error) {
        options.log(`the worker's name cannot be held: ${describeError(error)}`);
        continue;
      }
      if (!holder) options.onTaken();
    }
  }

  return {
    release: async () => {
      isReleased = true;
      await holder?.end();
    },
  };
}

async function tryToHold(options: HoldName, onLost: () => void): Promise<pg.Client | null> {
  const client = new pg.Client({
    connectionString: options.databaseUrl,
    application_name: `coppice-name-${options.name}`.slice(0, 60),
    keepAlive: true,
    connectionTimeoutMillis: 5_000,
  });
  client.on("error", onLost);
  client.on("end", onLost);
  await client.connect();
  const { rows } = await client.query<{ taken: boolean }>(
    "select pg_try_advisory_lock($1, hashtext($2)) as taken",
    [advisoryLocks.workerName, options.name],
  );
  if (rows[0]?.taken) return client;
  client.removeAllListeners("end");
  await client.end();
  return null;
}
