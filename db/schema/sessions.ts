import { foreignKey, index, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import type { RepositoryId, SessionId, WorkspaceId } from "@/server/domain/ids";
import { moment } from "./columns";
import { repositories } from "./repositories";
import { workspaces } from "./workspaces";

/** A conversation: a chain of runs that continue one another, in one workspace. */
export const sessions = pgTable(
  "sessions",
  {
    id: uuid("id").$type<SessionId>().primaryKey(),
    repositoryId: uuid("repository_id")
      .$type<RepositoryId>()
      .notNull()
      .references(() => repositories.id),
    workspaceId: uuid("workspace_id").$type<WorkspaceId>().notNull(),
    /** The branch that the session's runs work on. */
    branch: text("branch").notNull(),
    title: text("title").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: moment("created_at").notNull().defaultNow(),
  },
  (t) => [
    unique("sessions_of_repository").on(t.id, t.repositoryId),
    foreignKey({
      name: "sessions_workspace",
      columns: [t.workspaceId, t.repositoryId],
      foreignColumns: [workspaces.id, workspaces.repositoryId],
    }),
    index("sessions_workspace_index").on(t.workspaceId),
  ],
);
