import type { Database } from "@/db/client";
import type { Actor } from "@/server/domain/actor";

/** What every verb is given: the database, who acts, and the time it counts as now. */
export interface VerbContext {
  db: Database;
  actor: Actor;
  now: Date;
}
