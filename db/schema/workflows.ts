import { pgTable, text, uuid } from "drizzle-orm/pg-core";
import type { WorkflowId } from "@/server/domain/ids";
import { moment } from "./columns";

/** A saved recipe; what it says stands in its versions. */
export const workflows = pgTable("workflows", {
  id: uuid("id").$type<WorkflowId>().primaryKey().defaultRandom(),
  name: text("name").notNull().unique(),
  createdAt: moment("created_at").notNull().defaultNow(),
  archivedAt: moment("archived_at"),
});
