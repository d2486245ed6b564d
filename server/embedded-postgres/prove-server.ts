import path from "node:path";
import { Client } from "pg";
import { EmbeddedPostgresFailed } from "./errors";

/** How to log in to the embedded server, but for the port. */
export interface Login {
  user: string;
  password: string;
  passwordFile: string;
}

/**
 * Whether the server on this port is ours: our password opens it and it serves our data folder.
 * False while it starts up, recovers or shuts down.
 *
 * Throws EmbeddedPostgresFailed at once when the password is wrong: waiting would not mend it.
 */
export async function proveServer(login: Login, port: number, data: string): Promise<boolean> {
  try {
    return await withClient(login, port, async (client) => {
      const { rows } = await client.query("select current_setting('data_directory') as data");
      return path.resolve(rows[0].data) === data;
    });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if ("code" in error && error.code === "28P01") {
      throw new EmbeddedPostgresFailed(
        `The password in ${login.passwordFile} does not open the server of ${data}.`,
        { hint: "Put the right password back, or set DATABASE_URL.", cause: error },
      );
    }
    return false;
  }
}

/** Creates the database unless it exists; two launchers may do so at once. */
export async function createDatabase(login: Login, port: number, database: string): Promise<void> {
  await withClient(login, port, async (client) => {
    const known = await client.query("select 1 from pg_database where datname = $1", [database]);
    if (known.rowCount) return;
    try {
      await client.query(`create database ${client.escapeIdentifier(database)}`);
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : null;
      if (code !== "42P04" && code !== "23505") throw error;
    }
  });
}

async function withClient<T>(login: Login, port: number, use: (client: Client) => Promise<T>) {
  const client = new Client({
    ...{ host: "127.0.0.1", port, database: "postgres", connectionTimeoutMillis: 3_000 },
    ...{ user: login.user, password: login.password, ssl: false },
  });
  // A connection that breaks outside a query reports here; the query itself fails as well.
  let broken: Error | null = null;
  client.on("error", (error) => {
    broken = error;
  });
  try {
    await client.connect();
    const result = await use(client);
    if (broken) throw broken;
    return result;
  } finally {
    await client.end();
  }
}
