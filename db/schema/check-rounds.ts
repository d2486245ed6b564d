import { type SQL, sql } from "drizzle-orm";
import {
  check,
  foreignKey,
  integer,
  jsonb,
  pgTable,
  text,
  unique,
  uuid,
} from "drizzle-orm/pg-core";
import type { AttemptId, RunId, Sha } from "@/server/domain/ids";
import { type CheckRoundState, checkRoundStates } from "@/server/domain/workspace-commands";
import { attempts } from "./attempts";
import { moment } from "./columns";
import { runs } from "./runs";

const oneOf = (values: readonly string[]): SQL =>
  sql.raw(`(${values.map((value) => `'${value}'`).join(", ")})`);

/**
 * One look of the checks at what an attempt left. Its row is committed together with that work, so
 * that what a check does to the workspace is never taken for the agent's.
 */
export const checkRounds = pgTable(
  "check_rounds",
  {
    attemptId: uuid("attempt_id").$type<AttemptId>().primaryKey(),
    runId: uuid("run_id").$type<RunId>().notNull(),
    number: integer("number").notNull(),
    state: text("state").$type<CheckRoundState>().notNull().default("running"),
    headCommit: text("head_commit").$type<Sha>().notNull(),
    filesChanged: integer("files_changed").notNull(),
    /** Files that the checks changed in the workspace, the first of them. */
    leftFiles: jsonb("left_files").$type<string[]>().notNull().default([]),
    beganAt: moment("began_at").notNull(),
    endedAt: moment("ended_at"),
  },
  (t) => [
    foreignKey({ name: "check_rounds_run", columns: [t.runId], foreignColumns: [runs.id] }),
    foreignKey({
      name: "check_rounds_attempt",
      columns: [t.attemptId],
      foreignColumns: [attempts.id],
    }),
    unique("check_rounds_number").on(t.runId, t.number),
    check("check_rounds_state_known", sql`${t.state} in ${oneOf(checkRoundStates)}`),
    check("check_rounds_ended", sql`(${t.state} = 'running') = (${t.endedAt} is null)`),
  ],
);
