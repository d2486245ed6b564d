import type { Actor } from "@/server/domain/actor";
import { roleSchema } from "@/server/domain/actor";
import type { Door } from "./door";
import { findTokenActor } from "./find-token-actor";

/** Who sends a request, and by which proof: a cookie acts by itself, a token does not. */
export interface Caller {
  actor: Actor | null;
  actsByCookie: boolean;
}

/**
 * Reads who sends a request. A token that is sent and not valid leaves nobody: there is no falling
 * back to the cookie beside it.
 * @throws TooManyAttempts when this address has sent too many bad tokens.
 */
export async function findActor(door: Door, headers: Headers, now: Date): Promise<Caller> {
  const authorization = headers.get("authorization");
  if (authorization !== null) {
    return { actor: await findTokenActor(door, authorization, headers, now), actsByCookie: false };
  }
  if (!headers.has("cookie")) return { actor: null, actsByCookie: false };
  const found = await door.auth.api.getSession({ headers });
  if (!found) return { actor: null, actsByCookie: false };
  const { id, name, role } = found.user;
  const actor: Actor = { kind: "member", id, name, role: roleSchema.parse(role) };
  return { actor, actsByCookie: true };
}
