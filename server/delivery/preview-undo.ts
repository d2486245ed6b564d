import { z } from "zod";
import { type DeliveryPreview, deliveryPreviewSchema } from "@/server/domain/delivery";
import { parseInput } from "@/server/domain/parse-input";
import { askHost } from "@/server/host-requests/ask-host";
import type { VerbContext } from "@/server/runs/context";
import { loadDelivery } from "./get-delivery";

export const previewUndoInputSchema = z.strictObject({
  id: z.string().min(1).max(200),
  /** Take it back by one commit more, also where the branch could be moved back. */
  isRevert: z.boolean().default(false),
});

/**
 * What taking a delivery back would do as the origin stands now. Nothing is changed.
 * @throws NotFound, Unprocessable; Unavailable when the host of the work is away.
 */
export async function previewUndo(
  context: VerbContext,
  input: z.input<typeof previewUndoInputSchema>,
): Promise<DeliveryPreview> {
  const { id, isRevert } = parseInput(previewUndoInputSchema, input);
  const { id: deliveryId, workerId } = await loadDelivery(context.db, id);
  const answer = await askHost(context, {
    kind: "preview_delivery",
    input: { undoOf: deliveryId, isRevert },
    workerId,
    answerWithinSeconds: 90,
  });
  return deliveryPreviewSchema.parse(answer);
}
