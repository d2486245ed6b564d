import { integer, jsonb, pgTable, text, uuid } from "drizzle-orm/pg-core";
import type { WorkerId } from "@/server/domain/ids";
import type { WorkerFacts } from "@/server/domain/worker";
import { moment } from "./columns";

/** A process that carries out runs on one host. Its name is its queue's and stays over restarts. */
export const workers = pgTable("workers", {
  id: uuid("id").$type<WorkerId>().primaryKey().defaultRandom(),
  name: text("name").notNull().unique(),
  host: text("host").notNull(),
  home: text("home").notNull(),
  pid: integer("pid"),
  slots: integer("slots").notNull(),
  facts: jsonb("facts").$type<WorkerFacts>().notNull(),
  startedAt: moment("started_at").notNull(),
  heartbeatAt: moment("heartbeat_at").notNull(),
  stoppedAt: moment("stopped_at"),
});
