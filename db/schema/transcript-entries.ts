import { integer, jsonb, pgTable, primaryKey, uuid } from "drizzle-orm/pg-core";
import type { AttemptId, RunId } from "@/server/domain/ids";
import type { TranscriptEntry } from "@/server/domain/transcript";
import { attempts } from "./attempts";
import { moment } from "./columns";
import { runs } from "./runs";

/** What the agent said and did, numbered per run. */
export const transcriptEntries = pgTable(
  "transcript_entries",
  {
    runId: uuid("run_id")
      .$type<RunId>()
      .notNull()
      .references(() => runs.id),
    seq: integer("seq").notNull(),
    attemptId: uuid("attempt_id")
      .$type<AttemptId>()
      .notNull()
      .references(() => attempts.id),
    at: moment("at").notNull(),
    entry: jsonb("entry").$type<TranscriptEntry>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.seq] })],
);
