import { sql } from "drizzle-orm";
import { boolean, check, integer, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { moment } from "./columns";

/** One row: which installation this database belongs to. The same id stands on each host's disk. */
export const installation = pgTable(
  "installation",
  {
    isOnly: boolean("is_only").primaryKey().default(true),
    id: uuid("id").notNull(),
    setupTokenHash: text("setup_token_hash"),
    setupEndedAt: moment("setup_ended_at"),
    createdAt: moment("created_at").notNull().defaultNow(),
    /** A silent host is declared lost by itself after this long; null (default): only by a person. */
    hostLostAfterMinutes: integer("host_lost_after_minutes"),
  },
  (t) => [
    check("installation_is_only", sql`${t.isOnly}`),
    check("installation_lost_after_sane", sql`${t.hostLostAfterMinutes} between 5 and 43200`),
  ],
);
