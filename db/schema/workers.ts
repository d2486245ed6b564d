import { sql } from "drizzle-orm";
import { check, integer, jsonb, pgTable, text, uuid } from "drizzle-orm/pg-core";
import type { WorkerId } from "@/server/domain/ids";
import type { WorkerFacts } from "@/server/domain/worker";
import { moment } from "./columns";

/** A process that carries out runs on one host. Its name is its queue's and stays over restarts. */
export const workers = pgTable(
  "workers",
  {
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
    /** Names the host's start: when it differs, no process of before can live. */
    bootId: text("boot_id"),
    /** How many runs at once an admin allows; null: as many as the worker was started with. */
    capacity: integer("capacity"),

    /** It takes no new run until somebody says otherwise. */
    drainAskedAt: moment("drain_asked_at"),
    drainAskedBy: text("drain_asked_by"),
    drainReason: text("drain_reason"),

    /** Its host was declared lost; set back by its own worker when that has put all in order. */
    lostAt: moment("lost_at"),
    lostBy: text("lost_by"),
    lostReason: text("lost_reason"),
  },
  (t) => [
    check("workers_capacity_sane", sql`${t.capacity} between 0 and 256`),
    check("workers_drain_is_whole", sql`(${t.drainAskedAt} is null) = (${t.drainAskedBy} is null)`),
    check(
      "workers_lost_is_whole",
      sql`(${t.lostAt} is null) = (${t.lostBy} is null) and (${t.lostAt} is null) = (${t.lostReason} is null)`,
    ),
  ],
);
