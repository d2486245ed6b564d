import { integer, jsonb, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import type { WorkflowId, WorkflowVersionId } from "@/server/domain/ids";
import type { WorkflowDefinition } from "@/server/domain/workflow";
import { moment } from "./columns";
import { workflows } from "./workflows";

/** One state of a workflow, never changed after it was written. */
export const workflowVersions = pgTable(
  "workflow_versions",
  {
    id: uuid("id").$type<WorkflowVersionId>().primaryKey().defaultRandom(),
    workflowId: uuid("workflow_id")
      .$type<WorkflowId>()
      .notNull()
      .references(() => workflows.id),
    version: integer("version").notNull(),
    definition: jsonb("definition").$type<WorkflowDefinition>().notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: moment("created_at").notNull().defaultNow(),
  },
  (t) => [unique("workflow_versions_number").on(t.workflowId, t.version)],
);
