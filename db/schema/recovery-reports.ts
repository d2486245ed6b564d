import { boolean, index, integer, pgTable, text, uuid } from "drizzle-orm/pg-core";
import type { WorkerId } from "@/server/domain/ids";
import type { StopKind } from "@/server/domain/recovery";
import { moment } from "./columns";
import { workers } from "./workers";

/** What a worker found when it started, and what it did about it. Its entries are one for each run. */
export const recoveryReports = pgTable(
  "recovery_reports",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    workerId: uuid("worker_id")
      .$type<WorkerId>()
      .notNull()
      .references(() => workers.id),
    startedAt: moment("started_at").notNull(),
    /** How its predecessor of the same name had ended, and when it was last heard of. */
    before: text("before").$type<StopKind>().notNull(),
    lastBeatAt: moment("last_beat_at"),
    /** The host was restarted in between: no process of before can live. */
    isHostRestarted: boolean("is_host_restarted"),
    /** Runs that had waited for this worker. */
    waiting: integer("waiting").notNull(),
    /** All its entries have their outcome. */
    settledAt: moment("settled_at"),
  },
  (t) => [index("recovery_reports_worker").on(t.workerId, t.startedAt)],
);
