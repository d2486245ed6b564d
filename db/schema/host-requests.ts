import { index, jsonb, pgTable, text, uuid } from "drizzle-orm/pg-core";
import type { HostRequestKind, HostRequestStatus } from "@/server/domain/host-request";
import type { WorkerId } from "@/server/domain/ids";
import { moment } from "./columns";
import { workers } from "./workers";

/** A question or an act that needs a host, asked by the web and answered by that host's worker. */
export const hostRequests = pgTable(
  "host_requests",
  {
    id: uuid("id").primaryKey(),
    /** Null: any worker may answer. */
    workerId: uuid("worker_id")
      .$type<WorkerId>()
      .references(() => workers.id),
    kind: text("kind").$type<HostRequestKind>().notNull(),
    input: jsonb("input").$type<Record<string, unknown>>().notNull(),
    status: text("status").$type<HostRequestStatus>().notNull().default("asked"),
    answer: jsonb("answer").$type<Record<string, unknown>>(),
    actor: text("actor").notNull(),
    askedAt: moment("asked_at").notNull().defaultNow(),
    takenAt: moment("taken_at"),
    endedAt: moment("ended_at"),
  },
  (t) => [index("host_requests_status").on(t.status, t.askedAt)],
);
