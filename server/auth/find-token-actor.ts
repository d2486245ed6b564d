import { eq } from "drizzle-orm";
import type { Database } from "@/db/client";
import { apiTokens } from "@/db/schema";
import type { Actor } from "@/server/domain/actor";
import type { Door } from "./door";
import { findAddress } from "./find-address";
import { hashToken } from "./token";

const usedStepSeconds = 60;

/**
 * The actor of an `Authorization: Bearer …` header, or null when the token is unknown, expired or
 * revoked. A valid token is never refused for what others sent from the same address.
 * @throws TooManyAttempts
 */
export async function findTokenActor(
  door: Pick<Door, "db" | "badTokens">,
  authorization: string,
  headers: Headers,
  now: Date,
): Promise<Actor | null> {
  const token = /^bearer +(\S{1,200})$/i.exec(authorization)?.[1];
  const actor = token ? await loadTokenActor(door.db, token, now) : null;
  if (actor) return actor;
  const address = findAddress(headers);
  door.badTokens.check(address, now);
  door.badTokens.fail(address, now);
  return null;
}

async function loadTokenActor(db: Database, token: string, now: Date): Promise<Actor | null> {
  const [row] = await db
    .select()
    .from(apiTokens)
    .where(eq(apiTokens.hash, hashToken(token)));
  if (!row || row.revokedAt || (row.expiresAt && row.expiresAt <= now)) return null;
  if (isUseOld(row.lastUsedAt, now)) await rememberUse(db, row.id, now);
  return { kind: "token", id: row.id, name: row.name, role: row.role };
}

/** At most once a minute: a busy script must not turn every read into a write. */
function isUseOld(lastUsedAt: Date | null, now: Date): boolean {
  return !lastUsedAt || now.getTime() - lastUsedAt.getTime() >= usedStepSeconds * 1000;
}

async function rememberUse(db: Database, id: string, now: Date): Promise<void> {
  await db.update(apiTokens).set({ lastUsedAt: now }).where(eq(apiTokens.id, id));
}
