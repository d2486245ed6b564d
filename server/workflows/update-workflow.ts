import { isDeepStrictEqual } from "node:util";
import { desc, eq } from "drizzle-orm";
import type { z } from "zod";
import type { Transaction } from "@/db/client";
import { workflows, workflowVersions } from "@/db/schema";
import { recordAudit } from "@/server/audit/record-audit";
import { nameActor } from "@/server/domain/actor";
import { NotFound } from "@/server/domain/errors";
import { parseInput } from "@/server/domain/parse-input";
import type { WorkflowView } from "@/server/domain/views";
import { workflowDefinitionSchema, workflowNameSchema } from "@/server/domain/workflow";
import type { VerbContext } from "@/server/runs/context";
import { getWorkflow } from "./get-workflow";
import { parseDefinition } from "./parse-definition";

const fields = workflowDefinitionSchema.shape;

/** Defaults are taken off: a field that is left out stays as it is, null clears it. */
export const updateWorkflowInputSchema = workflowDefinitionSchema
  .extend({
    description: fields.description.removeDefault(),
    workspace: fields.workspace.removeDefault(),
    sandbox: fields.sandbox.removeDefault(),
  })
  .partial()
  .extend({ name: workflowNameSchema });

/**
 * Writes a new version of a workflow: the newest one with the given fields changed. When nothing
 * differs, the newest version is given back and none is made.
 * @throws NotFound; BadInput
 */
export async function updateWorkflow(
  context: VerbContext,
  input: z.input<typeof updateWorkflowInputSchema>,
): Promise<WorkflowView> {
  const { name, ...given } = parseInput(updateWorkflowInputSchema, input);
  const changes = Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  );
  await context.db.transaction((tx) => appendVersion(tx, context, name, changes));
  return getWorkflow(context.db, { name });
}

async function appendVersion(
  tx: Transaction,
  { actor, now }: VerbContext,
  name: string,
  changes: Record<string, unknown>,
): Promise<void> {
  const newest = await lockNewestVersion(tx, name);
  const definition = parseDefinition({ ...newest.definition, ...changes });
  if (isDeepStrictEqual(definition, parseDefinition(newest.definition))) return;
  const version = newest.version + 1;
  await tx.insert(workflowVersions).values({
    workflowId: newest.workflowId,
    version,
    definition,
    createdBy: nameActor(actor),
    createdAt: now,
  });
  await recordAudit(tx, {
    actor,
    action: "workflow.updated",
    target: `workflow:${name}`,
    facts: { version, changed: Object.keys(changes) },
    now,
  });
}

/** The lock on the workflow makes two editors take their turns, so that no version is lost. */
async function lockNewestVersion(tx: Transaction, name: string) {
  const [workflow] = await tx
    .select({ id: workflows.id })
    .from(workflows)
    .where(eq(workflows.name, name))
    .for("update");
  if (!workflow) throw new NotFound("workflow", name);
  const [newest] = await tx
    .select()
    .from(workflowVersions)
    .where(eq(workflowVersions.workflowId, workflow.id))
    .orderBy(desc(workflowVersions.version))
    .limit(1);
  if (!newest) throw new Error(`workflow “${name}” has no version`);
  return newest;
}
