import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  uuid,
} from "drizzle-orm/pg-core";
import type { ControlPhaseSeen } from "@/server/domain/evidence";
import type { AttemptId, WorkerId } from "@/server/domain/ids";
import { attempts } from "./attempts";
import { moment } from "./columns";
import { workers } from "./workers";

/** What the worker of an attempt saw when it last looked at its processes. Times are the database's. */
export const attemptEvidence = pgTable(
  "attempt_evidence",
  {
    attemptId: uuid("attempt_id")
      .$type<AttemptId>()
      .primaryKey()
      .references(() => attempts.id),
    workerId: uuid("worker_id")
      .$type<WorkerId>()
      .notNull()
      .references(() => workers.id),
    fence: integer("fence").notNull(),
    lookedAt: moment("looked_at").notNull(),
    /** Since when it has looked the same. */
    changedAt: moment("changed_at").notNull(),
    phase: text("phase").$type<ControlPhaseSeen>().notNull(),
    isDriven: boolean("is_driven").notNull(),
    keeperPid: integer("keeper_pid"),
    isKeeperAlive: boolean("is_keeper_alive").notNull(),
    pid: integer("pid"),
    isAgentAlive: boolean("is_agent_alive").notNull(),
    isNamespaceAlive: boolean("is_namespace_alive"),
    leftOver: jsonb("left_over").$type<number[]>().notNull(),
    exitCode: integer("exit_code"),
    exitSignal: text("exit_signal"),
    exitAt: moment("exit_at"),
    spoolBytes: bigint("spool_bytes", { mode: "number" }).notNull(),
    spoolAt: moment("spool_at"),
    keeperBeatAt: moment("keeper_beat_at"),
    /** It was looked at after its end, and nothing of it lived: no further look is needed. */
    isSettled: boolean("is_settled").notNull().default(false),
  },
  (t) => [
    index("attempt_evidence_unsettled").on(t.workerId).where(sql`not ${t.isSettled}`),
    check("attempt_evidence_settled_is_dead", sql`not ${t.isSettled} or not ${t.isAgentAlive}`),
  ],
);
