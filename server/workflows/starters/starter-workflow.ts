import type { WorkflowDefinition } from "@/server/domain/workflow";

/** A workflow that a new installation begins with. */
export interface StarterWorkflow {
  name: string;
  definition: WorkflowDefinition;
}
