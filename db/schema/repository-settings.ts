import { sql } from "drizzle-orm";
import { check, integer, jsonb, pgTable, text, uuid } from "drizzle-orm/pg-core";
import type { RepositoryId } from "@/server/domain/ids";
import type { RepositorySettings } from "@/server/domain/workspace-commands";
import { moment } from "./columns";
import { repositories } from "./repositories";

/** What admins have set for a repository's workspaces and checks; no row: the standard. */
export const repositorySettings = pgTable(
  "repository_settings",
  {
    repositoryId: uuid("repository_id")
      .$type<RepositoryId>()
      .primaryKey()
      .references(() => repositories.id),
    setUp: jsonb("set_up").$type<RepositorySettings["setUp"]>(),
    setUpWhen: text("set_up_when").$type<RepositorySettings["setUpWhen"]>().notNull(),
    tearDown: jsonb("tear_down").$type<RepositorySettings["tearDown"]>(),
    bringAlong: jsonb("bring_along").$type<string[]>().notNull(),
    checks: jsonb("checks").$type<RepositorySettings["checks"]>().notNull(),
    checkRounds: integer("check_rounds").notNull(),
    changedBy: text("changed_by").notNull(),
    changedAt: moment("changed_at").notNull(),
  },
  (t) => [
    check("repository_settings_when", sql`${t.setUpWhen} in ('new_workspace', 'every_run')`),
    check("repository_settings_rounds", sql`${t.checkRounds} between 0 and 5`),
  ],
);
