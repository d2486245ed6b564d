import { index, pgTable, text } from "drizzle-orm/pg-core";
import { moment } from "./columns";
import { members } from "./members";

/** A browser's login; better-auth's “session”, renamed because a session is a conversation here. */
export const signIns = pgTable(
  "sign_ins",
  {
    id: text("id").primaryKey(),
    token: text("token").notNull().unique(),
    userId: text("user_id")
      .notNull()
      .references(() => members.id, { onDelete: "cascade" }),
    expiresAt: moment("expires_at").notNull(),
    ipAddress: text("ip_address"),
    userAgent: text("user_agent"),
    createdAt: moment("created_at").notNull().defaultNow(),
    updatedAt: moment("updated_at").notNull().defaultNow(),
  },
  (t) => [index("sign_ins_user").on(t.userId)],
);
