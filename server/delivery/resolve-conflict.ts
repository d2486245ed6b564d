import { desc, eq } from "drizzle-orm";
import { z } from "zod";
import { runs } from "@/db/schema";
import { composeConflictMessage } from "@/server/domain/delivery-message";
import { Conflict, Unprocessable } from "@/server/domain/errors";
import type { RunId, SessionId } from "@/server/domain/ids";
import { parseInput } from "@/server/domain/parse-input";
import type { VerbContext } from "@/server/runs/context";
import { continueSession } from "@/server/runs/continue-session";
import { loadDelivery } from "./get-delivery";

export const resolveConflictInputSchema = z.strictObject({ id: z.string().min(1).max(200) });

/**
 * Has the agent resolve the conflict of a delivery: a new run of the session, told which commit to merge
 * and which files do not merge; asked again, the same run. The workspace borrows the mirror's objects, so the agent has that commit.
 * @throws NotFound; Unprocessable for a delivery without a conflict; Conflict when the session has gone
 *   on; whatever continueSession throws.
 */
export async function resolveConflict(
  context: VerbContext,
  input: z.input<typeof resolveConflictInputSchema>,
): Promise<{ runId: RunId }> {
  const { id } = parseInput(resolveConflictInputSchema, input);
  const delivery = await loadDelivery(context.db, id);
  const { state, oldSha, sessionId, target, conflicts } = delivery;
  if (state !== "conflict" || !oldSha || delivery.kind === "undo") {
    throw new Unprocessable("This delivery met no conflict that an agent could resolve.");
  }
  const idempotencyKey = `resolve:${delivery.id}`;
  const newest = await findNewest(context, sessionId);
  if (newest && newest.id !== delivery.runId && newest.idempotencyKey !== idempotencyKey) {
    throw new Conflict(`The session has gone on with run #${newest.number}.`, {
      hint: "Deliver that run's work instead.",
    });
  }
  const files = conflicts.map(({ path }) => path);
  const message = composeConflictMessage(target, oldSha, files);
  return continueSession(context, { sessionId, message, idempotencyKey });
}

async function findNewest({ db }: VerbContext, sessionId: SessionId) {
  const [newest] = await db
    .select({ id: runs.id, number: runs.number, idempotencyKey: runs.idempotencyKey })
    .from(runs)
    .where(eq(runs.sessionId, sessionId))
    .orderBy(desc(runs.number))
    .limit(1);
  return newest;
}
