import { sql } from "drizzle-orm";
import type { CommitOrigin } from "@/server/domain/commit";
import {
  type LeftoverReason,
  riskyLeftoverWhereabouts,
  riskyReasons,
  riskyWhereabouts,
  type WorkWhereabouts,
} from "@/server/domain/work";

/**
 * Words of a closed list as literals: a prepared statement is planned without its parameters, and would
 * neither use a partial index nor know how rare a word is. Never for what somebody typed.
 */
export const oneOf = (words: readonly (WorkWhereabouts | LeftoverReason | CommitOrigin)[]) =>
  sql.raw(`(${words.map((word) => `'${word}'`).join(", ")})`);

/** Work that exists in one place of ours alone and was not let go, as a condition on `work_entries e`. */
export const isAtRisk = sql`e.let_go_at is null and ((e.sha is not null
  and e.whereabouts in ${oneOf(riskyWhereabouts)})
  or (e.reason in ${oneOf(riskyReasons)} and e.whereabouts in ${oneOf(riskyLeftoverWhereabouts)}))`;
