import { sql } from "drizzle-orm";
import { boolean, check, pgTable, text, uuid } from "drizzle-orm/pg-core";
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
  },
  (t) => [check("installation_is_only", sql`${t.isOnly}`)],
);
