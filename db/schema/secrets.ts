import { sql } from "drizzle-orm";
import { check, index, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import type { RepositoryId, WorkflowId } from "@/server/domain/ids";
import { bytea, moment } from "./columns";
import { repositories } from "./repositories";
import { workflows } from "./workflows";

/**
 * Values that a repository's or a workflow's runs are given, encrypted. One that was replaced or
 * removed stays a while, retired: what agents that still have it print is covered too.
 */
export const secrets = pgTable(
  "secrets",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    repositoryId: uuid("repository_id")
      .$type<RepositoryId>()
      .references(() => repositories.id),
    workflowId: uuid("workflow_id")
      .$type<WorkflowId>()
      .references(() => workflows.id),
    name: text("name").notNull(),
    /** Nonce, tag and ciphertext. */
    sealed: bytea("sealed").notNull(),
    keyId: text("key_id").notNull(),
    setBy: text("set_by").notNull(),
    setAt: moment("set_at").notNull(),
    retiredAt: moment("retired_at"),
  },
  (t) => [
    uniqueIndex("secrets_one_of_repository")
      .on(t.repositoryId, t.name)
      .where(sql`${t.retiredAt} is null`),
    uniqueIndex("secrets_one_of_workflow")
      .on(t.workflowId, t.name)
      .where(sql`${t.retiredAt} is null`),
    index("secrets_repository").on(t.repositoryId),
    index("secrets_workflow").on(t.workflowId),
    check("secrets_one_scope", sql`(${t.repositoryId} is null) <> (${t.workflowId} is null)`),
    check("secrets_name", sql`${t.name} ~ '^[A-Z_][A-Z0-9_]*$'`),
  ],
);
