import { sql } from "drizzle-orm";
import { check, index, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import type { RepositoryId, RunId, Sha, WorkerId, WorkspaceId } from "@/server/domain/ids";
import type { RestoreState, RestoreWay } from "@/server/domain/restore";
import { moment } from "./columns";
import { repositories } from "./repositories";
import { runs } from "./runs";
import { workers } from "./workers";
import { workspaces } from "./workspaces";

/**
 * A run's work that somebody wants back, as a branch or as a new workspace. The row comes before
 * anything is made; what a kill left half done is completed by the next try of the same.
 */
export const restores = pgTable(
  "restores",
  {
    id: uuid("id").primaryKey(),
    runId: uuid("run_id")
      .$type<RunId>()
      .notNull()
      .references(() => runs.id),
    repositoryId: uuid("repository_id")
      .$type<RepositoryId>()
      .notNull()
      .references(() => repositories.id),
    sha: text("sha").$type<Sha>().notNull(),
    way: text("way").$type<RestoreWay>().notNull(),
    /** The branch that is made in the mirror; a new workspace has it checked out. */
    branch: text("branch").notNull(),
    /** On whose host it is made. */
    workerId: uuid("worker_id")
      .$type<WorkerId>()
      .notNull()
      .references(() => workers.id),
    workspaceId: uuid("workspace_id")
      .$type<WorkspaceId>()
      .references(() => workspaces.id),
    idempotencyKey: text("idempotency_key"),
    state: text("state").$type<RestoreState>().notNull().default("asked"),
    askedBy: text("asked_by").notNull(),
    askedAt: moment("asked_at").notNull(),
    endedAt: moment("ended_at"),
  },
  (t) => [
    uniqueIndex("restores_branch").on(t.repositoryId, t.branch),
    uniqueIndex("restores_idempotency_key").on(t.idempotencyKey),
    index("restores_run").on(t.runId),
    index("restores_workspace").on(t.workspaceId).where(sql`${t.workspaceId} is not null`),
    check("restores_way_known", sql`${t.way} in ('workspace', 'branch')`),
    check("restores_state_known", sql`${t.state} in ('asked', 'done')`),
    check("restores_done_has_end", sql`(${t.state} = 'done') = (${t.endedAt} is not null)`),
    check(
      "restores_workspace_is_there",
      sql`${t.state} = 'asked' or (${t.way} = 'workspace') = (${t.workspaceId} is not null)`,
    ),
  ],
);
