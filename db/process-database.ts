import { connectDatabase, type Database } from "./client";

/**
 * The database of this process. On globalThis, because Next gives instrumentation and routes
 * module instances of their own; lazy, because module code also runs in `next build`.
 */
const holder = globalThis as { coppiceDatabase?: Database };

/** @throws Error when DATABASE_URL is not set. */
export function processDatabase(): Database {
  if (!holder.coppiceDatabase) {
    holder.coppiceDatabase = connectDatabase({
      url: databaseUrl(),
      maxConnections: 10,
      name: `coppice-${process.pid}`,
      statementSeconds: 10,
      onError: (error) => console.error(`database: ${error.message}`),
    });
  }
  return holder.coppiceDatabase;
}

export function databaseUrl(): string {
  const url = process.env.DATABASE_URL;
  if (!url) throw new Error("DATABASE_URL is not set; start Coppice with “npm start”.");
  return url;
}
