import { sql } from "drizzle-orm";
import { bigint, boolean, check, pgTable, text } from "drizzle-orm/pg-core";
import type { CleanupMode } from "@/server/domain/cleanup";
import { moment } from "./columns";

/** One row: when cleanups begin by themselves and how full disks and database may get. */
export const cleanupSettings = pgTable(
  "cleanup_settings",
  {
    isOnly: boolean("is_only").primaryKey().default(true),
    mode: text("mode").$type<CleanupMode>().notNull().default("report"),
    /** Time of day, UTC. */
    at: text("at").notNull().default("03:00"),
    /** The daily moment that was dealt with last; a new installation begins with the next one. */
    scheduledFor: moment("scheduled_for").notNull().defaultNow(),
    /** Below this a host takes no new run. */
    minFreeBytes: bigint("min_free_bytes", { mode: "number" }).notNull().default(sql`1073741824`),
    /** Of all stored output together; null is no limit. */
    maxTotalOutputBytes: bigint("max_total_output_bytes", { mode: "number" }),
  },
  (t) => [
    check("cleanup_settings_is_only", sql`${t.isOnly}`),
    check("cleanup_settings_mode_known", sql`${t.mode} in ('off', 'report', 'remove')`),
    check("cleanup_settings_at_is_time", sql`${t.at} ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'`),
    check("cleanup_settings_min_free", sql`${t.minFreeBytes} >= 0`),
    check("cleanup_settings_max_total", sql`${t.maxTotalOutputBytes} >= 0`),
  ],
);
