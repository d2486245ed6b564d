import { sql } from "drizzle-orm";
import { check, foreignKey, index, integer, jsonb, pgTable, text, uuid } from "drizzle-orm/pg-core";
import type { AttemptId, RepositoryId, RunId, WorkerId, WorkspaceId } from "@/server/domain/ids";
import { attempts } from "./attempts";
import { moment } from "./columns";
import { runs } from "./runs";
import { workers } from "./workers";
import { workspaces } from "./workspaces";

/**
 * What lay on a host that was declared lost: an attempt that was superseded, a workspace that another
 * host makes anew, or both. When the host comes back, its worker ends the processes and keeps the work.
 */
export const leftWorkspaces = pgTable(
  "left_workspaces",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    workerId: uuid("worker_id")
      .$type<WorkerId>()
      .notNull()
      .references(() => workers.id),
    repositoryId: uuid("repository_id").$type<RepositoryId>().notNull(),
    workspaceId: uuid("workspace_id").$type<WorkspaceId>().notNull(),
    /** Where its folder was on that host; null when none had been planned. */
    path: text("path"),
    /** The run that held it or would have used it. */
    runId: uuid("run_id")
      .$type<RunId>()
      .notNull()
      .references(() => runs.id),
    /** The attempt whose processes are not proved dead; null when none was held. */
    attemptId: uuid("attempt_id")
      .$type<AttemptId>()
      .references(() => attempts.id),
    attempt: integer("attempt").notNull(),
    pid: integer("pid"),
    leftAt: moment("left_at").notNull(),
    /** Set when the host came back: what was done, and under which refs the work is kept. */
    settledAt: moment("settled_at"),
    keptRefs: jsonb("kept_refs").$type<{ name: string; sha: string }[]>(),
    problem: text("problem"),
  },
  (t) => [
    foreignKey({
      name: "left_workspaces_workspace",
      columns: [t.workspaceId, t.repositoryId],
      foreignColumns: [workspaces.id, workspaces.repositoryId],
    }),
    index("left_workspaces_unsettled").on(t.workerId).where(sql`${t.settledAt} is null`),
    index("left_workspaces_run").on(t.runId),
    check(
      "left_workspaces_settled_has_refs",
      sql`(${t.settledAt} is null) = (${t.keptRefs} is null)`,
    ),
  ],
);
