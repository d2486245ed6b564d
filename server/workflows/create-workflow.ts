import type { z } from "zod";
import type { Transaction } from "@/db/client";
import { violatedConstraint } from "@/db/errors";
import { workflows, workflowVersions } from "@/db/schema";
import { recordAudit } from "@/server/audit/record-audit";
import { type Actor, nameActor } from "@/server/domain/actor";
import { Conflict } from "@/server/domain/errors";
import { parseInput } from "@/server/domain/parse-input";
import type { WorkflowView } from "@/server/domain/views";
import {
  type WorkflowDefinition,
  workflowDefinitionSchema,
  workflowNameSchema,
} from "@/server/domain/workflow";
import type { VerbContext } from "@/server/runs/context";
import { getWorkflow } from "./get-workflow";
import { parseDefinition } from "./parse-definition";

export const createWorkflowInputSchema = workflowDefinitionSchema.extend({
  name: workflowNameSchema,
});

/**
 * Saves a new recipe as version 1.
 * @throws BadInput; Conflict when the name is taken, also by an archived workflow.
 */
export async function createWorkflow(
  { db, actor, now }: VerbContext,
  input: z.input<typeof createWorkflowInputSchema>,
): Promise<WorkflowView> {
  const { name, ...given } = parseInput(createWorkflowInputSchema, input);
  const definition = parseDefinition(given);
  await db
    .transaction((tx) => insertWorkflow(tx, { name, definition, actor, now }))
    .catch((error: unknown) => {
      if (violatedConstraint(error) !== "workflows_name_unique") throw error;
      throw new Conflict(`A workflow named “${name}” exists already.`, {
        fields: { name: "This name is taken." },
        hint: "Choose another name, or edit the workflow that exists.",
      });
    });
  return getWorkflow(db, { name });
}

export interface NewWorkflow {
  name: string;
  definition: WorkflowDefinition;
  actor: Actor;
  now: Date;
}

/** The rows of a new workflow and its audit entry, in the caller's transaction. */
export async function insertWorkflow(tx: Transaction, workflow: NewWorkflow): Promise<void> {
  const { name, definition, actor, now } = workflow;
  const [row] = await tx
    .insert(workflows)
    .values({ name, createdAt: now })
    .returning({ id: workflows.id });
  if (!row) throw new Error(`no workflow was inserted for “${name}”`);
  await tx.insert(workflowVersions).values({
    workflowId: row.id,
    version: 1,
    definition,
    createdBy: nameActor(actor),
    createdAt: now,
  });
  await recordAudit(tx, {
    actor,
    action: "workflow.created",
    target: `workflow:${name}`,
    facts: { version: 1, agent: definition.agent },
    now,
  });
}
