import { boolean, pgTable, text } from "drizzle-orm/pg-core";
import type { Role } from "@/server/domain/actor";
import { moment } from "./columns";

/** People with an account; better-auth's “user”. */
export const members = pgTable("members", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  email: text("email").notNull().unique(),
  emailVerified: boolean("email_verified").notNull().default(false),
  image: text("image"),
  role: text("role").$type<Role>().notNull().default("viewer"),
  createdAt: moment("created_at").notNull().defaultNow(),
  updatedAt: moment("updated_at").notNull().defaultNow(),
});
