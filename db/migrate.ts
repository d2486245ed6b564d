import path from "node:path";
import { drizzle } from "drizzle-orm/node-postgres";
import { migrate } from "drizzle-orm/node-postgres/migrator";
import pg from "pg";
import { PgBoss } from "pg-boss";
import { advisoryLocks } from "./locks";

/**
 * Brings both schemas, ours and pg-boss's, to this version. A session lock makes a second start wait.
 * @throws the driver's error when the database cannot be reached or a statement fails.
 */
export async function migrateDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query("select pg_advisory_lock($1)", [advisoryLocks.migrate]);
    await migrate(drizzle(client), { migrationsFolder: path.resolve("db/migrations") });
    await migrateQueue(url);
  } finally {
    await client.end();
  }
}

async function migrateQueue(url: string): Promise<void> {
  const boss = new PgBoss({ connectionString: url, max: 1, supervise: false, schedule: false });
  let failure: Error | null = null;
  boss.on("error", (error) => {
    failure = error;
  });
  await boss.start();
  await boss.stop({ graceful: false });
  if (failure) throw failure;
}
