import { drizzle, type NodePgDatabase } from "drizzle-orm/node-postgres";
import pg from "pg";
import postgres from "postgres";
import { endStuckConnections } from "./end-stuck-connections";
import { nameStatements } from "./name-statements";
import * as schema from "./schema";

export type Database = NodePgDatabase<typeof schema> & { $client: pg.Pool };
export type Transaction = Parameters<Parameters<Database["transaction"]>[0]>[0];
/** Whatever statements can be sent to: the pool, or an open transaction. */
export type Executor = Database | Transaction;

export interface ConnectOptions {
  url: string;
  maxConnections: number;
  /** Shown in `pg_stat_activity`. */
  name: string;
  /** How long a statement may go without an answer before it counts as a database that is away. */
  statementSeconds?: number;
  onError: (error: Error) => void;
}

/**
 * Our statements join in a good order already, from one run or one page of them: to search for a better
 * one takes 6 ms and more where the statement takes one, and a prepared one is planned once.
 */
const plannerSettings = "-c join_collapse_limit=1 -c plan_cache_mode=force_generic_plan -c jit=off";

/**
 * The pool for all statements and transactions. node-postgres, because a connection that dies inside
 * a transaction of postgres.js throws where nobody can catch it and leaves its slot stuck.
 */
export function connectDatabase(options: ConnectOptions): Database {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.maxConnections,
    application_name: options.name,
    connectionTimeoutMillis: 5_000,
    query_timeout: (options.statementSeconds ?? 60) * 1_000,
    keepAlive: true,
    // A new connection costs 10 ms and more, and every statement on it is planned anew.
    idleTimeoutMillis: 600_000,
    options: plannerSettings,
  });
  // Both listeners are needed: a broken pooled client and a broken checked-out one report apart.
  pool.on("error", options.onError);
  pool.on("connect", (client) => {
    client.on("error", options.onError);
    nameStatements(client);
    endStuckConnections(client);
  });
  return drizzle(pool, { schema }) as Database;
}

export type ListenConnection = postgres.Sql;

/** One connection for LISTEN: it listens again by itself, and soon, after an outage. */
export function connectListener(url: string): ListenConnection {
  return postgres(url, {
    max: 1,
    onnotice: () => {},
    backoff: (tries: number) => Math.min(0.1 * 2 ** tries, 1),
    connection: { application_name: "coppice-listen" },
  });
}
