import { sql } from "drizzle-orm";
import { check, index, integer, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import type { RunId } from "@/server/domain/ids";
import { type RecoveryOutcome, recoveryOutcomes } from "@/server/domain/recovery";
import { moment } from "./columns";
import { recoveryReports } from "./recovery-reports";
import { runs } from "./runs";

const known = sql.raw(`(${recoveryOutcomes.map((outcome) => `'${outcome}'`).join(", ")})`);

/** What became of one attempt that a worker found when it started. */
export const recoveryEntries = pgTable(
  "recovery_entries",
  {
    reportId: uuid("report_id")
      .notNull()
      .references(() => recoveryReports.id),
    runId: uuid("run_id")
      .$type<RunId>()
      .notNull()
      .references(() => runs.id),
    attempt: integer("attempt").notNull(),
    outcome: text("outcome").$type<RecoveryOutcome>().notNull(),
    /** For the operator; says what was found and what was done. */
    sentence: text("sentence").notNull(),
    /** The ref or commit under which its work is kept; null when there was none to keep. */
    workKept: text("work_kept"),
    at: moment("at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.reportId, t.runId, t.attempt] }),
    index("recovery_entries_pending").on(t.reportId).where(sql`${t.outcome} = 'pending'`),
    check("recovery_entries_outcome_known", sql`${t.outcome} in ${known}`),
  ],
);
