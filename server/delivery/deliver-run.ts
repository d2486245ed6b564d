import { eq } from "drizzle-orm";
import { z } from "zod";
import { violatedConstraint } from "@/db/errors";
import { deliveries } from "@/db/schema";
import { recordAudit } from "@/server/audit/record-audit";
import { nameActor } from "@/server/domain/actor";
import { askedKindSchema, type DeliveryView, mergeMethodSchema } from "@/server/domain/delivery";
import { decideAim } from "@/server/domain/delivery-aim";
import { Conflict } from "@/server/domain/errors";
import { type DeliveryId, shaSchema } from "@/server/domain/ids";
import { limits } from "@/server/domain/limits";
import { parseInput } from "@/server/domain/parse-input";
import type { VerbContext } from "@/server/runs/context";
import { resolveRunId, runKeySchema } from "@/server/runs/resolve-run-id";
import { getDelivery } from "./get-delivery";
import { loadDeliverableRun } from "./load-deliverable-run";
import { planDelivery } from "./plan-delivery";

export const deliveryWishFields = {
  kind: askedKindSchema,
  /** Of a merge; default `merge_commit`. */
  method: mergeMethodSchema.nullish(),
  /** Of a push the branch to set, by default the run's; else the branch to merge into, by default the repository's. */
  target: z.string().min(1).max(limits.maxBranchLength).nullish(),
};

export const deliverRunInputSchema = z.strictObject({
  id: runKeySchema,
  ...deliveryWishFields,
  /** Where the target stood in the preview, null for nowhere: it is refused if it has moved since. */
  expectedSha: shaSchema.nullable().optional(),
  /** A repeated key gives back the first delivery. */
  idempotencyKey: z.string().min(1).max(200).nullish(),
});

/**
 * Plans the delivery of an ended run's work; the worker of its host carries it out.
 * @throws NotFound, BadInput, Unprocessable; Conflict while the run goes on, and while another delivery
 *   of it to the same branch is under way.
 */
export async function deliverRun(
  context: VerbContext,
  input: z.input<typeof deliverRunInputSchema>,
): Promise<DeliveryView> {
  const wish = parseInput(deliverRunInputSchema, input);
  const runId = await resolveRunId(context.db, wish.id);
  const known = await findByKey(context, wish.idempotencyKey);
  if (known) return getDelivery(context.db, { id: known });
  const work = await loadDeliverableRun(context.db, runId);
  const { run, repository, workerId, headCommit, branch } = work;
  const aim = decideAim(wish, { branch, defaultBranch: repository.defaultBranch });
  const { actor, now } = context;
  const by = nameActor(actor);
  try {
    const id = await context.db.transaction(async (tx) => {
      await recordAudit(tx, {
        actor,
        action: "run.delivery_asked",
        target: `run:${runId}`,
        facts: { ...aim, sha: headCommit },
        now,
      });
      return planDelivery(
        tx,
        {
          ...{ runId, sessionId: run.sessionId, repositoryId: repository.id, workerId },
          ...{ ...aim, sourceSha: headCommit, by },
          holdsTarget: wish.expectedSha !== undefined,
          oldSha: wish.expectedSha ?? null,
          idempotencyKey: wish.idempotencyKey ?? null,
        },
        now,
      );
    });
    return await getDelivery(context.db, { id });
  } catch (error) {
    const constraint = violatedConstraint(error);
    if (constraint === "deliveries_idempotency_key") {
      const same = await findByKey(context, wish.idempotencyKey);
      if (same) return getDelivery(context.db, { id: same });
    }
    if (constraint !== "deliveries_one_open_per_target") throw error;
    throw new Conflict(`Run #${run.number} is being delivered to ${aim.target} already.`, {
      hint: "Wait for the end of that delivery, or withdraw it.",
      cause: error,
    });
  }
}

async function findByKey(
  { db }: VerbContext,
  key: string | null | undefined,
): Promise<DeliveryId | null> {
  if (!key) return null;
  const [row] = await db
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(eq(deliveries.idempotencyKey, key));
  return row?.id ?? null;
}
