import { workspaceViewSchema } from "@/server/domain/views";
import { workspaceAuditSchema } from "@/server/domain/workspace-audit";
import { restoreWorkspace, restoreWorkspaceInputSchema } from "@/server/restore/restore-workspace";
import { auditWorkspace } from "@/server/workspace-records/audit-workspace";
import { getWorkspace, getWorkspaceInputSchema } from "@/server/workspace-records/get-workspace";
import {
  listWorkspaces,
  listWorkspacesInputSchema,
} from "@/server/workspace-records/list-workspaces";
import {
  removeWorkspace,
  removeWorkspaceInputSchema,
} from "@/server/workspace-records/remove-workspace";
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
    .input(removeWorkspaceInputSchema)
    .output(workspaceViewSchema)
    .mutation(({ ctx, input }) => removeWorkspace(ctx, input)),

  audit: operatorProcedure
    .meta(rest("GET", "/workspaces/{id}/audit", "What a removal would keep, drop or fail to store"))
    .input(getWorkspaceInputSchema)
    .output(workspaceAuditSchema)
    .query(({ ctx, input }) => auditWorkspace(ctx, input)),

  restore: operatorProcedure
    .meta(rest("POST", "/workspaces/{id}/restore", "Make a removed workspace again, at its path"))
    .input(restoreWorkspaceInputSchema)
    .output(workspaceViewSchema)
    .mutation(({ ctx, input }) => restoreWorkspace(ctx, input)),
});
