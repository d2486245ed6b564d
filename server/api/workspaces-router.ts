import { workspaceViewSchema } from "@/server/domain/views";
import { getWorkspace, getWorkspaceInputSchema } from "@/server/workspace-records/get-workspace";
import {
  listWorkspaces,
  listWorkspacesInputSchema,
} from "@/server/workspace-records/list-workspaces";
import { removeWorkspace } from "@/server/workspace-records/remove-workspace";
import { rest } from "./rest-meta";
import { pageOf } from "./shapes";
import { operatorProcedure, router, viewerProcedure } from "./trpc";

export const workspacesRouter = router({
  list: viewerProcedure
    .meta(rest("GET", "/workspaces", "Workspaces, newest first"))
    .input(listWorkspacesInputSchema)
    .output(pageOf(workspaceViewSchema))
    .query(({ ctx, input }) => listWorkspaces(ctx.db, input)),

  get: viewerProcedure
    .meta(rest("GET", "/workspaces/{id}", "A workspace"))
    .input(getWorkspaceInputSchema)
    .output(workspaceViewSchema)
    .query(({ ctx, input }) => getWorkspace(ctx.db, input)),

  remove: operatorProcedure
    .meta(rest("POST", "/workspaces/{id}/remove", "Remove a workspace's folder; its work is kept"))
    .input(getWorkspaceInputSchema)
    .output(workspaceViewSchema)
    .mutation(({ ctx, input }) => removeWorkspace(ctx, input)),
});
