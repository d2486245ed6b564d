import { workflowViewSchema } from "@/server/domain/views";
import { createWorkflow, createWorkflowInputSchema } from "@/server/workflows/create-workflow";
import { getWorkflow, getWorkflowInputSchema } from "@/server/workflows/get-workflow";
import {
  listWorkflowVersions,
  listWorkflowVersionsInputSchema,
} from "@/server/workflows/list-workflow-versions";
import { listWorkflows, listWorkflowsInputSchema } from "@/server/workflows/list-workflows";
import { updateWorkflow, updateWorkflowInputSchema } from "@/server/workflows/update-workflow";
import { rest } from "./rest-meta";
import { pageOf } from "./shapes";
import { adminProcedure, router, viewerProcedure } from "./trpc";

export const workflowsRouter = router({
  list: viewerProcedure
    .meta(rest("GET", "/workflows", "The workflows, by name"))
    .input(listWorkflowsInputSchema)
    .output(pageOf(workflowViewSchema))
    .query(({ ctx, input }) => listWorkflows(ctx.db, input)),

  get: viewerProcedure
    .meta(rest("GET", "/workflows/{name}", "A workflow, its newest version or the one named"))
    .input(getWorkflowInputSchema)
    .output(workflowViewSchema)
    .query(({ ctx, input }) => getWorkflow(ctx.db, input)),

  create: adminProcedure
    .meta(rest("POST", "/workflows", "Save a new workflow"))
    .input(createWorkflowInputSchema)
    .output(workflowViewSchema)
    .mutation(({ ctx, input }) => createWorkflow(ctx, input)),

  update: adminProcedure
    .meta(rest("PATCH", "/workflows/{name}", "Change a workflow: its next version"))
    .input(updateWorkflowInputSchema)
    .output(workflowViewSchema)
    .mutation(({ ctx, input }) => updateWorkflow(ctx, input)),

  versions: viewerProcedure
    .meta(rest("GET", "/workflows/{name}/versions", "All versions of a workflow, newest first"))
    .input(listWorkflowVersionsInputSchema)
    .output(pageOf(workflowViewSchema))
    .query(({ ctx, input }) => listWorkflowVersions(ctx.db, input)),
});
