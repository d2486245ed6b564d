import pg from "pg";
import { migrateDatabase } from "./migrate";

/** The migrated database of which each test's own is a copy. */
export const templateName = "coppice_test_template";

/** vitest's global set-up, after the server's: migrates once what `createTestDatabase` copies. */
export default async function makeTemplate(): Promise<void> {
  const server = process.env.COPPICE_TEST_DATABASE_URL;
  if (!server) throw new Error("COPPICE_TEST_DATABASE_URL is not set: the server starts first.");
  await onServer(server, `drop database if exists ${templateName} with (force)`);
  await onServer(server, `create database ${templateName}`);
  await migrateDatabase(addressOf(server, templateName));
}

export function addressOf(server: string, database: string): string {
  return Object.assign(new URL(server), { pathname: `/${database}` }).toString();
}

export async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
