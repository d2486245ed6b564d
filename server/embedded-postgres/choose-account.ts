import { readFileSync } from "node:fs";
import { EmbeddedPostgresFailed } from "./errors";

export interface Account {
  name: string;
  uid: number;
  gid: number;
}

/**
 * The account that the server runs as. Null means: as ourselves. PostgreSQL refuses to run as root,
 * and initdb needs an entry in the password file, so root borrows an account that exists.
 */
export function chooseAccount(): Account | null {
  if (process.getuid?.() !== 0) return null;
  const entries = readFileSync("/etc/passwd", "utf8").split("\n");
  for (const name of [process.env.COPPICE_PG_USER, "postgres", "nobody"]) {
    const account = name ? findAccount(entries, name) : null;
    if (account) return account;
  }
  throw new EmbeddedPostgresFailed(
    "PostgreSQL does not run as root, and there is no account “postgres” or “nobody” to run it as.",
    { hint: "Name an account in COPPICE_PG_USER, or set DATABASE_URL." },
  );
}

function findAccount(entries: string[], name: string): Account | null {
  const fields = entries.find((line) => line.startsWith(`${name}:`))?.split(":");
  const uid = Number(fields?.[2]);
  const gid = Number(fields?.[3]);
  return uid > 0 && gid > 0 ? { name, uid, gid } : null;
}
