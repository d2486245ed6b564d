import { abortCleanup } from "@/server/cleanup/abort-cleanup";
import { carryOutCleanup } from "@/server/cleanup/carry-out-cleanup";
import { cleanupKeySchema, getCleanup } from "@/server/cleanup/get-cleanup";
import { listCleanupItems, listCleanupItemsInputSchema } from "@/server/cleanup/list-cleanup-items";
import { listCleanups, listCleanupsInputSchema } from "@/server/cleanup/list-cleanups";
import { listDisks } from "@/server/cleanup/list-disks";
import { listDues, listDuesInputSchema } from "@/server/cleanup/list-dues";
import { listPolicies, policyListSchema } from "@/server/cleanup/list-policies";
import { policyPreviewSchema, previewPolicy } from "@/server/cleanup/preview-policy";
import { cleanupSettingsSchema, readSettings } from "@/server/cleanup/read-settings";
import { pinnedSchema, setPin, setPinInputSchema } from "@/server/cleanup/set-pin";
import { policyInputSchema, setPolicy } from "@/server/cleanup/set-policy";
import { setSettings, setSettingsInputSchema } from "@/server/cleanup/set-settings";
import { startCleanup, startCleanupInputSchema } from "@/server/cleanup/start-cleanup";
import { cleanupItemViewSchema, cleanupViewSchema } from "@/server/domain/cleanup";
import { diskViewSchema, dueSchema } from "@/server/domain/cleanup-views";
import { rest } from "./rest-meta";
import { itemsOf, pageOf } from "./shapes";
import { adminProcedure, operatorProcedure, router, viewerProcedure } from "./trpc";

export const cleanupRouter = router({
  list: viewerProcedure
    .meta(rest("GET", "/cleanups", "Cleanups and dry runs, newest first"))
    .input(listCleanupsInputSchema)
    .output(pageOf(cleanupViewSchema))
    .query(({ ctx, input }) => listCleanups(ctx.db, input)),

  get: viewerProcedure
    .meta(rest("GET", "/cleanups/{id}", "A cleanup and how far it is"))
    .input(cleanupKeySchema)
    .output(cleanupViewSchema)
    .query(({ ctx, input }) => getCleanup(ctx.db, input)),

  items: viewerProcedure
    .meta(rest("GET", "/cleanups/{id}/items", "What a cleanup found due and what became of it"))
    .input(listCleanupItemsInputSchema)
    .output(pageOf(cleanupItemViewSchema))
    .query(({ ctx, input }) => listCleanupItems(ctx.db, input)),

  start: adminProcedure
    .meta(rest("POST", "/cleanups", "Look at what is due (the default), or clean up at once"))
    .input(startCleanupInputSchema)
    .output(cleanupViewSchema)
    .mutation(({ ctx, input }) => startCleanup(ctx, input)),

  carryOut: adminProcedure
    .meta(rest("POST", "/cleanups/{id}/carry-out", "Carry out what a dry run listed"))
    .input(cleanupKeySchema)
    .output(cleanupViewSchema)
    .mutation(({ ctx, input }) => carryOutCleanup(ctx, input)),

  abort: adminProcedure
    .meta(rest("POST", "/cleanups/{id}/abort", "End a cleanup; what it has not begun stays"))
    .input(cleanupKeySchema)
    .output(cleanupViewSchema)
    .mutation(({ ctx, input }) => abortCleanup(ctx, input)),

  settings: viewerProcedure
    .meta(rest("GET", "/cleanup-settings", "When cleanups begin, and how full disks may get"))
    .output(cleanupSettingsSchema)
    .query(({ ctx }) => readSettings(ctx.db)),

  setSettings: adminProcedure
    .meta(rest("PATCH", "/cleanup-settings", "Change them; what is left out stays"))
    .input(setSettingsInputSchema)
    .output(cleanupSettingsSchema)
    .mutation(({ ctx, input }) => setSettings(ctx, input)),

  policies: viewerProcedure
    .meta(rest("GET", "/retention-policies", "How long things are kept, and for what"))
    .output(policyListSchema)
    .query(({ ctx }) => listPolicies(ctx.db)),

  setPolicy: adminProcedure
    .meta(
      rest("POST", "/retention-policies", "Replace the policy of a repository, a workflow or all"),
    )
    .input(policyInputSchema)
    .output(policyListSchema)
    .mutation(({ ctx, input }) => setPolicy(ctx, input)),

  previewPolicy: adminProcedure
    .meta(rest("POST", "/retention-policies/preview", "What would be due under a policy"))
    .input(policyInputSchema)
    .output(policyPreviewSchema)
    .mutation(({ ctx, input }) => previewPolicy(ctx, input)),

  setPin: operatorProcedure
    .meta(rest("POST", "/pins", "Keep a workspace or a run from every cleanup, or let go of it"))
    .input(setPinInputSchema)
    .output(pinnedSchema)
    .mutation(({ ctx, input }) => setPin(ctx, input)),

  dues: viewerProcedure
    .meta(rest("GET", "/workspace-dues", "Until when workspaces are kept, and why"))
    .input(listDuesInputSchema)
    .output(itemsOf(dueSchema))
    .query(({ ctx, input }) => listDues(ctx.db, input, ctx.now)),

  disks: viewerProcedure
    .meta(rest("GET", "/disks", "What each host's disk holds and where it is heading"))
    .output(itemsOf(diskViewSchema))
    .query(({ ctx }) => listDisks(ctx.db, ctx.now)),
});
