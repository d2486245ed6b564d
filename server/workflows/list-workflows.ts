import { and, gt, isNull } from "drizzle-orm";
import { z } from "zod";
import type { Executor } from "@/db/client";
import { workflows } from "@/db/schema";
import { parseInput } from "@/server/domain/parse-input";
import type { WorkflowView } from "@/server/domain/views";
import { filterTextSchema } from "@/server/runs/filter-text";
import { cutPage, type Page, pageFields, readPageCursor } from "@/server/runs/page-cursor";
import { readWorkflowViews } from "./read-workflow-views";

export const listWorkflowsInputSchema = z.strictObject(pageFields);

const nameKeySchema = z.tuple([filterTextSchema]);

/** One page of workflows in their newest versions, by name, without archived ones. @throws BadInput */
export async function listWorkflows(
  db: Executor,
  input: z.input<typeof listWorkflowsInputSchema>,
): Promise<Page<WorkflowView>> {
  const { cursor, limit } = parseInput(listWorkflowsInputSchema, input);
  const after = readPageCursor(nameKeySchema, cursor);
  const rows = await readWorkflowViews(db, {
    where: and(isNull(workflows.archivedAt), after ? gt(workflows.name, after[0]) : undefined),
    limit: limit + 1,
  });
  return cutPage(rows, limit, (workflow) => [workflow.name]);
}
