import { recordRefusal } from "@/server/audit/record-refusal";
import { type Actor, mayAct, type Role } from "@/server/domain/actor";
import { NotAllowed, SignInNeeded } from "@/server/domain/errors";
import type { Context } from "./context";

/**
 * The wall: who acts, if they may. What somebody known tried in vain is noted.
 * @throws SignInNeeded, NotAllowed
 */
export async function requireRole(
  { actor, db, now }: Context,
  needed: Role,
  procedure: string,
): Promise<Actor> {
  if (!actor) throw new SignInNeeded();
  if (mayAct(actor, needed)) return actor;
  await recordRefusal(db, { actor, procedure, needed, now });
  throw new NotAllowed(`This needs the role “${needed}”.`, {
    hint: "Ask an admin to do it, or to give you that role.",
    facts: { needed },
  });
}
