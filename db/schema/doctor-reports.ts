import { boolean, integer, jsonb, pgTable, uuid } from "drizzle-orm/pg-core";
import type { Compared, Difference, SeverityCounts } from "@/server/domain/difference";
import type { WorkerId } from "@/server/domain/ids";
import { moment } from "./columns";
import { workers } from "./workers";

/** A difference as it is stored: with when this host's reports first had it. */
export type StoredDifference = Difference & { since: string };

/** What each worker last found in which its host and the database disagree: one row a worker. */
export const doctorReports = pgTable("doctor_reports", {
  workerId: uuid("worker_id")
    .$type<WorkerId>()
    .primaryKey()
    .references(() => workers.id),
  at: moment("at").notNull(),
  tookMs: integer("took_ms").notNull(),
  isJudged: boolean("is_judged").notNull(),
  compared: jsonb("compared").$type<Compared>().notNull(),
  counts: jsonb("counts").$type<SeverityCounts>().notNull(),
  differences: jsonb("differences").$type<StoredDifference[]>().notNull(),
});
