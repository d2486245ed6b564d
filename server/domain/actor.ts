import { z } from "zod";

export const roles = ["viewer", "operator", "admin"] as const;
export const roleSchema = z.enum(roles);
export type Role = z.infer<typeof roleSchema>;

/** Who does something. Every event and audit row names one. */
export type Actor =
  | { kind: "member"; id: string; name: string; role: Role }
  | { kind: "token"; id: string; name: string; role: Role }
  | { kind: "worker"; id: string; name: string }
  | { kind: "system"; name: string };

export function mayAct(actor: Actor, needed: Role): boolean {
  if (actor.kind === "system") return true;
  if (actor.kind === "worker") return false;
  return roles.indexOf(actor.role) >= roles.indexOf(needed);
}

/** How an actor stands in rows and on pages, e.g. `member:Ada`. */
export function nameActor(actor: Actor): string {
  return `${actor.kind}:${actor.name}`;
}
