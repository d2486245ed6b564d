import { sql } from "drizzle-orm";
import { check, jsonb, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import type { RepositoryId, WorkflowId } from "@/server/domain/ids";
import type { PolicyRules } from "@/server/domain/retention";
import { moment } from "./columns";
import { repositories } from "./repositories";
import { workflows } from "./workflows";

/** How long leftovers are kept: one row for a workflow, for a repository, or (neither) for all. */
export const retentionPolicies = pgTable(
  "retention_policies",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    repositoryId: uuid("repository_id")
      .$type<RepositoryId>()
      .references(() => repositories.id),
    workflowId: uuid("workflow_id")
      .$type<WorkflowId>()
      .references(() => workflows.id),
    rules: jsonb("rules").$type<PolicyRules>().notNull(),
    changedBy: text("changed_by").notNull(),
    changedAt: moment("changed_at").notNull(),
  },
  (t) => [
    unique("retention_policies_scope").on(t.repositoryId, t.workflowId).nullsNotDistinct(),
    check(
      "retention_policies_one_scope",
      sql`${t.repositoryId} is null or ${t.workflowId} is null`,
    ),
    check("retention_policies_rules_are_fields", sql`jsonb_typeof(${t.rules}) = 'object'`),
  ],
);
