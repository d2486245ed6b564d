import os from "node:os";
import path from "node:path";
import type { Database } from "@/db/client";
import { processDatabase } from "@/db/process-database";
import { AttemptLimit } from "./attempt-limit";
import { type Auth, createAuth } from "./create-auth";
import { keepSecret } from "./keep-secret";
import { type Addresses, readAddresses } from "./read-addresses";

/** What every request passes through: where it may come from, who it may be, and the database. */
export interface Door {
  db: Database;
  auth: Auth;
  addresses: Addresses;
  badTokens: AttemptLimit;
  badSignIns: AttemptLimit;
  badSetUps: AttemptLimit;
}

export function createDoor(parts: { db: Database; secret: string; addresses: Addresses }): Door {
  return {
    db: parts.db,
    auth: createAuth(parts),
    addresses: parts.addresses,
    badTokens: new AttemptLimit(30, 60),
    badSignIns: new AttemptLimit(10, 5 * 60),
    badSetUps: new AttemptLimit(10, 60),
  };
}

/**
 * On globalThis, because Next gives routes module instances of their own; lazy, because module code
 * also runs in `next build`, where there is neither database nor secret.
 */
const holder = globalThis as { coppiceDoor?: Promise<Door> };

/** The door of this process. @throws Error when DATABASE_URL is unset or the secret is unreadable. */
export function processDoor(): Promise<Door> {
  if (!holder.coppiceDoor) {
    const opening = openDoor();
    holder.coppiceDoor = opening;
    // A failed opening is not kept: the next request tries again.
    opening.catch(() => {
      if (holder.coppiceDoor === opening) holder.coppiceDoor = undefined;
    });
  }
  return holder.coppiceDoor;
}

async function openDoor(): Promise<Door> {
  const secret = await keepSecret(process.env.COPPICE_HOME ?? defaultHome());
  const { PORT, HOST, COPPICE_URL } = process.env;
  const addresses = readAddresses({ PORT, HOST, COPPICE_URL });
  return createDoor({ db: processDatabase(), secret, addresses });
}

function defaultHome(): string {
  if (process.getuid?.() === 0) return "/var/lib/coppice";
  return path.join(os.homedir(), ".local", "share", "coppice");
}
