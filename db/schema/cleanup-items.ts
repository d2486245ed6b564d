import { sql } from "drizzle-orm";
import {
  bigint,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import type { CleanupItemStatus, CleanupKind, PlannedItem } from "@/server/domain/cleanup";
import type { AttemptId, RunId, WorkerId, WorkspaceId } from "@/server/domain/ids";
import { attempts } from "./attempts";
import { cleanups } from "./cleanups";
import { moment } from "./columns";
import { runs } from "./runs";
import { workers } from "./workers";
import { workspaces } from "./workspaces";

/** One thing that a cleanup found due, why, and what became of it. */
export const cleanupItems = pgTable(
  "cleanup_items",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    cleanupId: uuid("cleanup_id")
      .notNull()
      .references(() => cleanups.id),
    position: integer("position").notNull(),
    kind: text("kind").$type<CleanupKind>().notNull(),
    status: text("status").$type<CleanupItemStatus>().notNull(),
    workspaceId: uuid("workspace_id")
      .$type<WorkspaceId>()
      .references(() => workspaces.id),
    runId: uuid("run_id")
      .$type<RunId>()
      .references(() => runs.id),
    attemptId: uuid("attempt_id")
      .$type<AttemptId>()
      .references(() => attempts.id),
    /** The host that must do it; null: the database alone is concerned. */
    workerId: uuid("worker_id")
      .$type<WorkerId>()
      .references(() => workers.id),
    workflow: text("workflow"),
    bytes: bigint("bytes", { mode: "number" }),
    freedBytes: bigint("freed_bytes", { mode: "number" }),
    reason: text("reason").notNull(),
    loses: jsonb("loses").$type<string[]>().notNull(),
    trim: jsonb("trim").$type<PlannedItem["trim"]>(),
    why: text("why"),
    endedAt: moment("ended_at"),
  },
  (t) => [
    uniqueIndex("cleanup_items_position").on(t.cleanupId, t.position),
    index("cleanup_items_open")
      .on(t.status, t.workerId)
      .where(sql`${t.status} in ('planned', 'removing')`),
    uniqueIndex("cleanup_items_one_removes_workspace")
      .on(t.workspaceId)
      .where(sql`${t.status} = 'removing'`),
    index("cleanup_items_workspace").on(t.workspaceId).where(sql`${t.workspaceId} is not null`),
    index("cleanup_items_run").on(t.runId),
    index("cleanup_items_attempt").on(t.attemptId).where(sql`${t.attemptId} is not null`),
    check("cleanup_items_kind_known", sql`${t.kind} in ('workspace', 'output', 'spool')`),
    check(
      "cleanup_items_kind_has_its_key",
      sql`case ${t.kind} when 'workspace' then ${t.workspaceId} is not null
        when 'output' then ${t.runId} is not null and ${t.trim} is not null
        else ${t.attemptId} is not null end`,
    ),
    check(
      "cleanup_items_status_known",
      sql`${t.status} in ('planned', 'blocked', 'removing', 'removed', 'kept', 'failed', 'skipped')`,
    ),
    check(
      "cleanup_items_loses_nothing",
      sql`jsonb_array_length(${t.loses}) = 0 or ${t.status} = 'blocked'`,
    ),
  ],
);
