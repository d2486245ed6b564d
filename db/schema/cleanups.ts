import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  pgTable,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import type { CleanupStatus } from "@/server/domain/cleanup";
import type { RepositoryId } from "@/server/domain/ids";
import { moment } from "./columns";
import { repositories } from "./repositories";

/** A look at what is due, and perhaps its removal. The counts grow with each item that ends. */
export const cleanups = pgTable(
  "cleanups",
  {
    id: uuid("id").primaryKey(),
    status: text("status").$type<CleanupStatus>().notNull(),
    isScheduled: boolean("is_scheduled").notNull(),
    startedBy: text("started_by").notNull(),
    startedAt: moment("started_at").notNull(),
    carriedOutBy: text("carried_out_by"),
    carriedOutAt: moment("carried_out_at"),
    abortedBy: text("aborted_by"),
    endedAt: moment("ended_at"),
    /** Only this repository's leftovers; null is all. */
    repositoryId: uuid("repository_id")
      .$type<RepositoryId>()
      .references(() => repositories.id),
    planned: integer("planned").notNull(),
    plannedBytes: bigint("planned_bytes", { mode: "number" }).notNull(),
    blocked: integer("blocked").notNull(),
    isCut: boolean("is_cut").notNull(),
    removed: integer("removed").notNull().default(0),
    kept: integer("kept").notNull().default(0),
    failed: integer("failed").notNull().default(0),
    freedBytes: bigint("freed_bytes", { mode: "number" }).notNull().default(0),
  },
  (t) => [
    uniqueIndex("cleanups_one_runs").on(t.status).where(sql`${t.status} = 'running'`),
    index("cleanups_started").on(t.startedAt, t.id),
    check("cleanups_status_known", sql`${t.status} in ('reported', 'running', 'done', 'aborted')`),
    check(
      "cleanups_ended_has_time",
      sql`(${t.status} in ('done', 'aborted')) = (${t.endedAt} is not null)`,
    ),
    check(
      "cleanups_carried_out_by_somebody",
      sql`(${t.status} = 'reported') = (${t.carriedOutBy} is null)
        and (${t.carriedOutBy} is null) = (${t.carriedOutAt} is null)`,
    ),
  ],
);
