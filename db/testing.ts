import { randomUUID } from "node:crypto";
import { connectDatabase, type Database } from "./client";
import { addressOf, onServer, templateName } from "./testing-template";

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
  // A copy takes a tenth of the time of the migrations.
  await onServer(server, `create database ${name} template ${templateName}`);
  const url = addressOf(server, name);
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
