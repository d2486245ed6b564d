import {
  bigint,
  boolean,
  doublePrecision,
  index,
  integer,
  json,
  pgTable,
  text,
  unique,
  uuid,
} from "drizzle-orm/pg-core";
import type { Isolation } from "@/server/domain/confinement";
import type { EndReason } from "@/server/domain/end-reasons";
import type { AttemptId, RunId, Sha, WorkerId } from "@/server/domain/ids";
import { moment } from "./columns";
import { runs } from "./runs";
import { workers } from "./workers";

/** One execution of a run by a worker, never overwritten by the next one. */
export const attempts = pgTable(
  "attempts",
  {
    id: uuid("id").$type<AttemptId>().primaryKey(),
    runId: uuid("run_id")
      .$type<RunId>()
      .notNull()
      .references(() => runs.id),
    number: integer("number").notNull(),
    workerId: uuid("worker_id")
      .$type<WorkerId>()
      .notNull()
      .references(() => workers.id),
    controlPath: text("control_path").notNull(),
    /** When a cleanup removed the control folder; what it held is in the database. */
    controlRemovedAt: moment("control_removed_at"),
    startedAt: moment("started_at").notNull(),
    endedAt: moment("ended_at"),
    endReason: text("end_reason").$type<EndReason>(),

    /** Who the agent's process is: a pid alone is never enough. */
    pid: integer("pid"),
    processStartTime: text("process_start_time"),
    bootId: text("boot_id"),
    keeperPid: integer("keeper_pid"),
    isolation: text("isolation").$type<Isolation>(),
    isSandboxed: boolean("is_sandboxed"),
    isResume: boolean("is_resume"),
    agentStartedAt: moment("agent_started_at"),
    exitCode: integer("exit_code"),
    exitSignal: text("exit_signal"),

    /**
     * The driver's state, how far it has read, and how much was said to the agent: one commit.
     * `json`, because a state may hold the character NUL, which `jsonb` refuses.
     */
    driverVersion: integer("driver_version"),
    driverState: json("driver_state").$type<unknown>(),
    driverOffset: bigint("driver_offset", { mode: "number" }).notNull().default(0),
    stdinBytes: bigint("stdin_bytes", { mode: "number" }).notNull().default(0),
    pendingStdin: text("pending_stdin"),
    isInputOver: boolean("is_input_over").notNull().default(false),
    isTerminal: boolean("is_terminal").notNull().default(false),

    /** Stored bytes of the main output and of the separate stderr, and the redactor's state. */
    outputBytes: bigint("output_bytes", { mode: "number" }).notNull().default(0),
    stderrBytes: bigint("stderr_bytes", { mode: "number" }).notNull().default(0),
    redactorState: json("redactor_state").$type<unknown>(),
    stderrRedactorState: json("stderr_redactor_state").$type<unknown>(),
    transcriptSeq: integer("transcript_seq").notNull().default(0),

    /** When the agent was told that a limit is near: once, whoever follows it. */
    limitNearAt: moment("limit_near_at"),
    /** When the provider's usage limit resets, as far as it was told. */
    usageResetsAt: moment("usage_resets_at"),
    result: text("result"),
    error: text("error"),
    /** The agent session's running total after this attempt, as the agent reported it. */
    sessionCostUsd: doublePrecision("session_cost_usd"),

    baseCommit: text("base_commit").$type<Sha>(),
    headCommit: text("head_commit").$type<Sha>(),
    inputTokens: bigint("input_tokens", { mode: "number" }),
    outputTokens: bigint("output_tokens", { mode: "number" }),
    cachedTokens: bigint("cached_tokens", { mode: "number" }),
    costUsd: doublePrecision("cost_usd"),
    turns: integer("turns"),
  },
  (t) => [unique("attempts_number").on(t.runId, t.number), index("attempts_pid").on(t.pid)],
);
