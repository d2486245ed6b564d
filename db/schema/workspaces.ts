import { sql } from "drizzle-orm";
import {
  bigint,
  check,
  index,
  pgTable,
  text,
  unique,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import type { RepositoryId, SessionId, Sha, WorkerId, WorkspaceId } from "@/server/domain/ids";
import type { WorkspaceKind } from "@/server/domain/workflow";
import type { WorkspaceState } from "@/server/domain/workspace";
import { moment } from "./columns";
import { repositories } from "./repositories";
import { workers } from "./workers";

/** An isolated checkout. The trigger makes the row, the first claim gives it its worker and path. */
export const workspaces = pgTable(
  "workspaces",
  {
    id: uuid("id").$type<WorkspaceId>().primaryKey(),
    repositoryId: uuid("repository_id")
      .$type<RepositoryId>()
      .notNull()
      .references(() => repositories.id),
    kind: text("kind").$type<WorkspaceKind>().notNull(),
    /** Persistent workspaces only: one per repository and name. */
    name: text("name"),
    /** Temporary workspaces only: the session they belong to. */
    sessionId: uuid("session_id").$type<SessionId>(),
    state: text("state").$type<WorkspaceState>().notNull().default("planned"),
    workerId: uuid("worker_id")
      .$type<WorkerId>()
      .references(() => workers.id),
    path: text("path"),
    branch: text("branch"),
    baseCommit: text("base_commit").$type<Sha>(),
    headCommit: text("head_commit").$type<Sha>(),
    /** The session whose files lie in it now. */
    heldSessionId: uuid("held_session_id").$type<SessionId>(),
    bytes: bigint("bytes", { mode: "number" }),
    createdAt: moment("created_at").notNull().defaultNow(),
    usedAt: moment("used_at"),
    removedAt: moment("removed_at"),
    /** Files that belong on no branch, kept when it was removed; they come back with it. */
    keptFilesCommit: text("kept_files_commit").$type<Sha>(),
    /** Where its folder was put because not all of it could be stored, and why. */
    quarantinePath: text("quarantine_path"),
    quarantineWhy: text("quarantine_why"),
  },
  (t) => [
    unique("workspaces_of_repository").on(t.id, t.repositoryId),
    uniqueIndex("workspaces_persistent_name")
      .on(t.repositoryId, t.name)
      .where(sql`${t.kind} = 'persistent'`),
    uniqueIndex("workspaces_temporary_session").on(t.sessionId).where(sql`${t.kind} = 'temporary'`),
    index("workspaces_created").on(t.createdAt, t.id),
    index("workspaces_worker").on(t.workerId),
    check(
      "workspaces_kind_has_its_key",
      sql`(${t.kind} = 'persistent' and ${t.name} is not null and ${t.sessionId} is null)
        or (${t.kind} = 'temporary' and ${t.sessionId} is not null and ${t.name} is null)`,
    ),
    check(
      "workspaces_placed_has_path",
      sql`${t.state} = 'planned' or (${t.workerId} is not null and ${t.path} is not null)`,
    ),
    check(
      "workspaces_state_known",
      sql`${t.state} in ('planned', 'creating', 'ready', 'removing', 'removed', 'quarantined')`,
    ),
    check(
      "workspaces_quarantine_is_whole",
      sql`(${t.quarantinePath} is null) = (${t.quarantineWhy} is null)
        and (${t.state} <> 'quarantined' or ${t.quarantinePath} is not null)`,
    ),
  ],
);
