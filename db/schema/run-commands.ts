import { type SQL, sql } from "drizzle-orm";
import {
  bigint,
  check,
  foreignKey,
  index,
  integer,
  json,
  pgTable,
  text,
  unique,
  uuid,
} from "drizzle-orm/pg-core";
import type { AttemptId, RunCommandId, RunId, WorkspaceId } from "@/server/domain/ids";
import {
  type CommandKind,
  type CommandState,
  commandKinds,
  commandStates,
} from "@/server/domain/workspace-commands";
import { attempts } from "./attempts";
import { moment } from "./columns";
import { runs } from "./runs";
import { workspaces } from "./workspaces";

const oneOf = (values: readonly string[]): SQL =>
  sql.raw(`(${values.map((value) => `'${value}'`).join(", ")})`);

/** A command that Coppice runs in a workspace: its row names the control folder before that exists. */
export const runCommands = pgTable(
  "run_commands",
  {
    id: uuid("id").$type<RunCommandId>().primaryKey(),
    runId: uuid("run_id").$type<RunId>().notNull(),
    attemptId: uuid("attempt_id").$type<AttemptId>().notNull(),
    workspaceId: uuid("workspace_id").$type<WorkspaceId>().notNull(),
    kind: text("kind").$type<CommandKind>().notNull(),
    /** The order within its attempt and kind. */
    position: integer("position").notNull(),
    name: text("name").notNull(),
    command: text("command").notNull(),
    timeoutSeconds: integer("timeout_seconds").notNull(),
    state: text("state").$type<CommandState>().notNull().default("planned"),
    note: text("note"),

    /** How often it was started; each time has a control folder of its own. */
    tries: integer("tries").notNull().default(1),
    controlPath: text("control_path").notNull(),
    /** Who the process is: a pid alone is never enough. */
    pid: integer("pid"),
    processStartTime: text("process_start_time"),
    bootId: text("boot_id"),
    exitCode: integer("exit_code"),
    exitSignal: text("exit_signal"),
    outputBytes: bigint("output_bytes", { mode: "number" }).notNull().default(0),
    redactorState: json("redactor_state").$type<unknown>(),

    plannedAt: moment("planned_at").notNull(),
    startedAt: moment("started_at"),
    endedAt: moment("ended_at"),
  },
  (t) => [
    foreignKey({ name: "run_commands_run", columns: [t.runId], foreignColumns: [runs.id] }),
    foreignKey({
      name: "run_commands_attempt",
      columns: [t.attemptId],
      foreignColumns: [attempts.id],
    }),
    foreignKey({
      name: "run_commands_workspace_row",
      columns: [t.workspaceId],
      foreignColumns: [workspaces.id],
    }),
    unique("run_commands_position").on(t.attemptId, t.kind, t.position),
    unique("run_commands_control_path").on(t.controlPath),
    index("run_commands_run_planned").on(t.runId, t.plannedAt),
    index("run_commands_workspace").on(t.workspaceId, t.kind, t.plannedAt),
    check("run_commands_kind_known", sql`${t.kind} in ${oneOf(commandKinds)}`),
    check("run_commands_state_known", sql`${t.state} in ${oneOf(commandStates)}`),
    check(
      "run_commands_running_has_process",
      sql`${t.state} <> 'running' or (${t.pid} is not null and ${t.startedAt} is not null)`,
    ),
    check(
      "run_commands_over_has_end",
      sql`(${t.state} in ('planned', 'running')) = (${t.endedAt} is null)`,
    ),
    check("run_commands_passed_by_exit", sql`${t.state} <> 'passed' or ${t.exitCode} = 0`),
  ],
);
