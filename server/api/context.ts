import type { Door } from "@/server/auth/door";
import { findActor } from "@/server/auth/find-actor";
import { refuseForeignHost } from "@/server/auth/refuse-foreign-host";
import { refuseForeignOrigin } from "@/server/auth/refuse-foreign-origin";
import type { Actor } from "@/server/domain/actor";
import { toTrpcError } from "./error-map";

/** What every procedure is given. */
export interface Context {
  door: Door;
  db: Door["db"];
  actor: Actor | null;
  headers: Headers;
  now: Date;
}

/**
 * Lets a request in, or not: its host must be ours, nothing may come from another site, and whoever
 * sends it is looked up afresh.
 * @throws TRPCError with a DomainError as its cause.
 */
export async function createContext(
  door: Door,
  request: { method: string; headers: Headers },
): Promise<Context> {
  const now = new Date();
  try {
    refuseForeignHost(request.headers, door.addresses);
    const { actor, actsByCookie } = await findActor(door, request.headers, now);
    refuseForeignOrigin(request, door.addresses, actsByCookie);
    return { door, db: door.db, actor, headers: request.headers, now };
  } catch (error) {
    throw toTrpcError(error);
  }
}
