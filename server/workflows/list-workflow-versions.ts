import { and, eq, lt } from "drizzle-orm";
import { z } from "zod";
import type { Executor } from "@/db/client";
import { workflows, workflowVersions } from "@/db/schema";
import { NotFound } from "@/server/domain/errors";
import { printable } from "@/server/domain/git-names";
import { parseInput } from "@/server/domain/parse-input";
import type { WorkflowView } from "@/server/domain/views";
import { filterTextSchema } from "@/server/runs/filter-text";
import { cutPage, type Page, pageFields, readPageCursor } from "@/server/runs/page-cursor";
import { readVersionViews } from "./read-workflow-views";

export const listWorkflowVersionsInputSchema = z.strictObject({
  name: filterTextSchema,
  ...pageFields,
});

const versionKeySchema = z.tuple([z.int32()]);

/** One page of a workflow's versions, newest first. @throws NotFound; BadInput */
export async function listWorkflowVersions(
  db: Executor,
  input: z.input<typeof listWorkflowVersionsInputSchema>,
): Promise<Page<WorkflowView>> {
  const { name, cursor, limit } = parseInput(listWorkflowVersionsInputSchema, input);
  const after = readPageCursor(versionKeySchema, cursor);
  const rows = await readVersionViews(db, {
    where: and(
      eq(workflows.name, name),
      after ? lt(workflowVersions.version, after[0]) : undefined,
    ),
    limit: limit + 1,
  });
  // Every workflow has a version, so an empty first page means that there is no such workflow.
  if (rows.length === 0 && !after) throw new NotFound("workflow", printable(name));
  return cutPage(rows, limit, (version) => [version.version]);
}
