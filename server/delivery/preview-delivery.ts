import { z } from "zod";
import { type DeliveryPreview, deliveryPreviewSchema } from "@/server/domain/delivery";
import { decideAim } from "@/server/domain/delivery-aim";
import { parseInput } from "@/server/domain/parse-input";
import { askHost } from "@/server/host-requests/ask-host";
import type { VerbContext } from "@/server/runs/context";
import { resolveRunId, runKeySchema } from "@/server/runs/resolve-run-id";
import { deliveryWishFields } from "./deliver-run";
import { loadDeliverableRun } from "./load-deliverable-run";

export const previewDeliveryInputSchema = z.strictObject({
  id: runKeySchema,
  ...deliveryWishFields,
});

/**
 * What a delivery would do as the origin stands now, as the run's host sees it. Nothing is changed.
 * @throws NotFound, BadInput, Unprocessable, Conflict while the run goes on; Unavailable when its host is
 *   away.
 */
export async function previewDelivery(
  context: VerbContext,
  input: z.input<typeof previewDeliveryInputSchema>,
): Promise<DeliveryPreview> {
  const wish = parseInput(previewDeliveryInputSchema, input);
  const runId = await resolveRunId(context.db, wish.id);
  const { repository, workerId, branch } = await loadDeliverableRun(context.db, runId);
  const aim = decideAim(wish, { branch, defaultBranch: repository.defaultBranch });
  const answer = await askHost(context, {
    kind: "preview_delivery",
    input: { runId, ...aim },
    workerId,
    answerWithinSeconds: 90,
  });
  return deliveryPreviewSchema.parse(answer);
}
