import { and, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import { reviewComments } from "@/db/schema";
import { recordAudit } from "@/server/audit/record-audit";
import { runIdSchema } from "@/server/domain/ids";
import { parseInput } from "@/server/domain/parse-input";
import type { ReviewView } from "@/server/domain/review";
import type { VerbContext } from "@/server/runs/context";
import { readReviewView } from "./read-review-view";
import { requireRun } from "./require-run";

export const discardCommentsInputSchema = z.strictObject({ runId: runIdSchema });

/** Takes back all comments on a run that are not sent yet. @throws NotFound */
export async function discardComments(
  { db, actor, now }: VerbContext,
  input: z.input<typeof discardCommentsInputSchema>,
): Promise<ReviewView> {
  const { runId } = parseInput(discardCommentsInputSchema, input);
  await requireRun(db, runId);
  await db.transaction(async (tx) => {
    const gone = await tx
      .delete(reviewComments)
      .where(and(eq(reviewComments.runId, runId), isNull(reviewComments.reviewId)))
      .returning({ id: reviewComments.id });
    if (gone.length === 0) return;
    await recordAudit(tx, {
      ...{ actor, now, facts: { comments: gone.length } },
      action: "review.discarded",
      target: `run:${runId}`,
    });
  });
  return readReviewView(db, runId, actor);
}
