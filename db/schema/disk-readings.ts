import { sql } from "drizzle-orm";
import { bigint, check, pgTable, primaryKey, uuid } from "drizzle-orm/pg-core";
import type { WorkerId } from "@/server/domain/ids";
import { moment } from "./columns";
import { workers } from "./workers";

/** What a host's disk held: the newest reading of each quarter of an hour. */
export const diskReadings = pgTable(
  "disk_readings",
  {
    workerId: uuid("worker_id")
      .$type<WorkerId>()
      .notNull()
      .references(() => workers.id),
    /** The quarter's beginning. */
    quarter: moment("quarter").notNull(),
    at: moment("at").notNull(),
    totalBytes: bigint("total_bytes", { mode: "number" }).notNull(),
    freeBytes: bigint("free_bytes", { mode: "number" }).notNull(),
    totalInodes: bigint("total_inodes", { mode: "number" }),
    freeInodes: bigint("free_inodes", { mode: "number" }),
  },
  (t) => [
    primaryKey({ columns: [t.workerId, t.quarter] }),
    check("disk_readings_free_of_total", sql`${t.freeBytes} between 0 and ${t.totalBytes}`),
  ],
);
