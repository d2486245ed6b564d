import { z } from "zod";
import { deliverRun, deliverRunInputSchema } from "@/server/delivery/deliver-run";
import { deliveryKeySchema, getDelivery } from "@/server/delivery/get-delivery";
import { listDeliveries, listDeliveriesInputSchema } from "@/server/delivery/list-deliveries";
import { previewDelivery, previewDeliveryInputSchema } from "@/server/delivery/preview-delivery";
import { previewUndo, previewUndoInputSchema } from "@/server/delivery/preview-undo";
import { resolveConflict, resolveConflictInputSchema } from "@/server/delivery/resolve-conflict";
import {
  getDefaultDelivery,
  getDefaultDeliveryInputSchema,
  setDefaultDelivery,
  setDefaultDeliveryInputSchema,
} from "@/server/delivery/set-default-delivery";
import { undoDelivery, undoDeliveryInputSchema } from "@/server/delivery/undo-delivery";
import {
  deliveryPolicySchema,
  deliveryPreviewSchema,
  deliveryViewSchema,
} from "@/server/domain/delivery";
import { runViewSchema } from "@/server/domain/run-view";
import { getRun } from "@/server/runs/get-run";
import { rest } from "./rest-meta";
import { itemsOf, keySchema } from "./shapes";
import { adminProcedure, operatorProcedure, router, viewerProcedure } from "./trpc";

const key = { id: keySchema };
const defaultSchema = z.object({ delivery: deliveryPolicySchema.nullable() });

export const deliveriesRouter = router({
  deliver: operatorProcedure
    .meta(rest("POST", "/runs/{id}/deliveries", "Push, merge or offer a run's work at its origin"))
    .input(deliverRunInputSchema.extend(key))
    .output(deliveryViewSchema)
    .mutation(({ ctx, input }) => deliverRun(ctx, input)),

  list: viewerProcedure
    .meta(rest("GET", "/runs/{id}/deliveries", "What was delivered of a run, oldest first"))
    .input(listDeliveriesInputSchema.extend(key))
    .output(itemsOf(deliveryViewSchema))
    .query(({ ctx, input }) => listDeliveries(ctx.db, input)),

  preview: operatorProcedure
    .meta(
      rest("POST", "/runs/{id}/deliveries/preview", "What a delivery would do; changes nothing"),
    )
    .input(previewDeliveryInputSchema.extend(key))
    .output(deliveryPreviewSchema)
    .mutation(({ ctx, input }) => previewDelivery(ctx, input)),

  get: viewerProcedure
    .meta(rest("GET", "/deliveries/{id}", "A delivery and what became of it"))
    .input(deliveryKeySchema)
    .output(deliveryViewSchema)
    .query(({ ctx, input }) => getDelivery(ctx.db, input)),

  undo: operatorProcedure
    .meta(rest("POST", "/deliveries/{id}/undo", "Take a delivery back, or withdraw a planned one"))
    .input(undoDeliveryInputSchema)
    .output(deliveryViewSchema)
    .mutation(({ ctx, input }) => undoDelivery(ctx, input)),

  previewUndo: operatorProcedure
    .meta(rest("POST", "/deliveries/{id}/undo/preview", "What an undo would do; changes nothing"))
    .input(previewUndoInputSchema)
    .output(deliveryPreviewSchema)
    .mutation(({ ctx, input }) => previewUndo(ctx, input)),

  resolve: operatorProcedure
    .meta(rest("POST", "/deliveries/{id}/resolve", "Have the agent resolve a delivery's conflict"))
    .input(resolveConflictInputSchema)
    .output(runViewSchema)
    .mutation(async ({ ctx, input }) => {
      const { runId } = await resolveConflict(ctx, input);
      return getRun(ctx.db, { id: runId }, ctx.actor);
    }),

  getDefault: viewerProcedure
    .meta(rest("GET", "/repositories/{name}/delivery", "What runs on it deliver by themselves"))
    .input(getDefaultDeliveryInputSchema)
    .output(defaultSchema)
    .query(({ ctx, input }) => getDefaultDelivery(ctx, input)),

  setDefault: adminProcedure
    .meta(
      rest("POST", "/repositories/{name}/delivery", "Set what runs on it deliver by themselves"),
    )
    .input(setDefaultDeliveryInputSchema)
    .output(defaultSchema)
    .mutation(({ ctx, input }) => setDefaultDelivery(ctx, input)),
});
