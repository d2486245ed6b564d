import { and, eq } from "drizzle-orm";
import { z } from "zod";
import type { Executor } from "@/db/client";
import { workflows, workflowVersions } from "@/db/schema";
import { NotFound } from "@/server/domain/errors";
import { printable } from "@/server/domain/git-names";
import { parseInput } from "@/server/domain/parse-input";
import type { WorkflowView } from "@/server/domain/views";
import { filterTextSchema } from "@/server/runs/filter-text";
import { readVersionViews, readWorkflowViews } from "./read-workflow-views";

export const getWorkflowInputSchema = z.strictObject({
  name: filterTextSchema,
  /** The newest version otherwise. */
  version: z.int32().min(1).nullish(),
});

/** @throws NotFound */
export async function getWorkflow(
  db: Executor,
  input: z.input<typeof getWorkflowInputSchema>,
): Promise<WorkflowView> {
  const { name, version } = parseInput(getWorkflowInputSchema, input);
  const byName = eq(workflows.name, name);
  const [view] = version
    ? await readVersionViews(db, {
        where: and(byName, eq(workflowVersions.version, version)),
        limit: 1,
      })
    : await readWorkflowViews(db, { where: byName, limit: 1 });
  if (view) return view;
  throw new NotFound(
    "workflow",
    version ? `${printable(name)}, version ${version}` : printable(name),
    {
      hint: "“coppice workflow list” and the page Workflows name those that exist.",
    },
  );
}
