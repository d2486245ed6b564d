import type pg from "pg";

/** What node-postgres says of a statement that was not answered within `query_timeout`. */
const timedOut = "Query read timeout";

/**
 * Ends a connection whose statement was never answered, so that nobody waits behind it, and gives back
 * one on which a transaction could not begin: Drizzle hands back every connection but that.
 */
export function endStuckConnections(client: pg.ClientBase): void {
  const send = client.query.bind(client) as (...parts: unknown[]) => unknown;
  const sendWatched = (...parts: unknown[]) => {
    const sent = send(...parts);
    if (!(sent instanceof Promise)) return sent; // a callback's: the pool itself ends its connection
    return sent.catch((error: unknown) => {
      const isStuck = error instanceof Error && error.message === timedOut;
      if (textOf(parts[0]) === "begin") (client as pg.PoolClient).release(error as Error);
      else if (isStuck) void (client as pg.Client).end();
      throw error;
    });
  };
  client.query = sendWatched as typeof client.query;
}

function textOf(statement: unknown): unknown {
  if (typeof statement === "string") return statement;
  return typeof statement === "object" && statement !== null && "text" in statement
    ? statement.text
    : null;
}
