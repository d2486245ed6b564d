import { findActor } from "@/server/auth/find-actor";
import type { Actor } from "@/server/domain/actor";
import { SignInNeeded } from "@/server/domain/errors";
import type { Context } from "../context";

export interface SignInWatch {
  /** Fires with SignInNeeded once the sign-in or token is no longer what it was. */
  signal: AbortSignal;
  stop(): void;
}

/**
 * Looks again and again whether who opened a stream may still read it: signed out, revoked, expired
 * or of another role ends it. A look that fails, because the database is away, proves nothing.
 */
export function watchSignIn(
  { door, headers, actor }: Context & { actor: Actor },
  everySeconds: number,
): SignInWatch {
  const ended = new AbortController();
  const look = async () => {
    const { actor: present } = await findActor(door, headers, new Date());
    if (!present || !isSame(present, actor)) ended.abort(new SignInNeeded());
  };
  const timer = setInterval(() => {
    look().catch((error: unknown) => console.error("stream: cannot check the sign-in:", error));
  }, everySeconds * 1000);
  timer.unref();
  return { signal: ended.signal, stop: () => clearInterval(timer) };
}

function isSame(a: Actor, b: Actor): boolean {
  if (a.kind !== b.kind || !("role" in a) || !("role" in b)) return false;
  return a.id === b.id && a.role === b.role;
}
