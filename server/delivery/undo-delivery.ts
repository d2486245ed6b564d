import type { z } from "zod";
import { violatedConstraint } from "@/db/errors";
import { recordAudit } from "@/server/audit/record-audit";
import { nameActor } from "@/server/domain/actor";
import type { DeliveryView } from "@/server/domain/delivery";
import { Conflict, Unprocessable } from "@/server/domain/errors";
import { shaSchema } from "@/server/domain/ids";
import { parseInput } from "@/server/domain/parse-input";
import type { VerbContext } from "@/server/runs/context";
import { getDelivery, loadDelivery } from "./get-delivery";
import { moveDelivery } from "./move-delivery";
import { planDelivery } from "./plan-delivery";
import { previewUndo, previewUndoInputSchema } from "./preview-undo";

export const undoDeliveryInputSchema = previewUndoInputSchema.extend({
  /** Where the target stood in the preview of the undo, null for nowhere. Left out: where it stands now. */
  expectedSha: shaSchema.nullable().optional(),
});

/**
 * Takes a delivery back: one that has not begun is withdrawn at once; for one at the origin an undo is
 * planned, held to the state in which the origin was just seen.
 * @returns the undo, or the delivery that was withdrawn.
 * @throws NotFound; Unprocessable with the reason when nothing can be undone; Conflict when it goes on, or
 *   is being undone already; Unavailable when the host is away.
 */
export async function undoDelivery(
  context: VerbContext,
  input: z.input<typeof undoDeliveryInputSchema>,
): Promise<DeliveryView> {
  const { id, isRevert, expectedSha } = parseInput(undoDeliveryInputSchema, input);
  const delivery = await loadDelivery(context.db, id);
  if (delivery.state === "planned") return withdraw(context, delivery);
  const preview = await previewUndo(context, { id: delivery.id, isRevert });
  const isPossible = preview.outcome === "updates" || preview.outcome === "deletes";
  if (!isPossible && preview.outcome !== "conflict") {
    throw new Unprocessable(preview.problem ?? "There is nothing to undo.", {
      ...(preview.hint ? { hint: preview.hint } : {}),
    });
  }
  const { actor, now } = context;
  const { runId, sessionId, repositoryId, workerId, target, resultSha, sourceSha } = delivery;
  const { method } = preview;
  try {
    const undoId = await context.db.transaction(async (tx) => {
      await recordAudit(tx, {
        actor,
        action: "run.delivery_undo_asked",
        target: `run:${runId}`,
        facts: { delivery: delivery.id, method, branch: target },
        now,
      });
      return planDelivery(
        tx,
        {
          ...{ runId, sessionId, repositoryId, workerId, target, method, kind: "undo" },
          undoOf: delivery.id,
          sourceSha: resultSha ?? sourceSha,
          holdsTarget: true,
          oldSha:
            expectedSha === undefined ? shaSchema.nullable().parse(preview.targetSha) : expectedSha,
          by: nameActor(actor),
        },
        now,
      );
    });
    return await getDelivery(context.db, { id: undoId });
  } catch (error) {
    const constraint = violatedConstraint(error);
    const isSecond =
      constraint === "deliveries_one_undo" || constraint === "deliveries_one_open_per_target";
    if (!isSecond) throw error;
    throw new Conflict(`Another delivery changes ${target} now, or has undone this one.`, {
      hint: "Look at the run's deliveries again.",
      cause: error,
    });
  }
}

async function withdraw(
  context: VerbContext,
  { id, runId }: Awaited<ReturnType<typeof loadDelivery>>,
): Promise<DeliveryView> {
  const { actor, now } = context;
  const by = nameActor(actor);
  await context.db.transaction(async (tx) => {
    await recordAudit(tx, {
      actor,
      action: "run.delivery_withdrawn",
      target: `run:${runId}`,
      facts: { delivery: id },
      now,
    });
    const set = { undoneBy: by, undoneAt: now, endedAt: now, nextTryAt: null };
    await moveDelivery(tx, { id, from: ["planned"], to: "undone", set, actor: by, now });
  });
  return getDelivery(context.db, { id });
}
