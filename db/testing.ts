import { randomUUID } from "node:crypto";
import pg from "pg";
import { connectDatabase, type Database } from "./client";
import { migrateDatabase } from "./migrate";

export interface TestDatabase {
  db: Database;
  url: string;
  drop(): Promise<void>;
}

/** A migrated database of its own on the test run's PostgreSQL. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = process.env.COPPICE_TEST_DATABASE_URL;
  if (!server) throw new Error("COPPICE_TEST_DATABASE_URL is not set: run tests through vitest.");
  const name = `t_${randomUUID().replaceAll("-", "")}`;
  await onServer(server, `create database ${name}`);
  const url = Object.assign(new URL(server), { pathname: `/${name}` }).toString();
  await migrateDatabase(url);
  const db = connectDatabase({
    url,
    maxConnections: 8,
    name,
    onError: (error) => {
      if (!/terminat/.test(error.message)) console.error(error);
    },
  });
  return {
    db,
    url,
    drop: async () => {
      await db.$client.end();
      await onServer(server, `drop database if exists ${name} with (force)`);
    },
  };
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
