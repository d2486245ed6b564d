import { and, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import { reviewComments } from "@/db/schema";
import { recordAudit } from "@/server/audit/record-audit";
import { reviewCommentIdSchema } from "@/server/domain/ids";
import { parseInput } from "@/server/domain/parse-input";
import type { ReviewComment } from "@/server/domain/review";
import type { VerbContext } from "@/server/runs/context";
import { explainUnchanged } from "./explain-unchanged";
import { toCommentView } from "./read-review-view";

export const removeCommentInputSchema = z.strictObject({ commentId: reviewCommentIdSchema });

/** Takes back a comment that is not sent yet. @throws NotFound; Conflict when it was sent. */
export async function removeComment(
  { db, actor, now }: VerbContext,
  input: z.input<typeof removeCommentInputSchema>,
): Promise<ReviewComment> {
  const { commentId } = parseInput(removeCommentInputSchema, input);
  return db.transaction(async (tx) => {
    const [row] = await tx
      .delete(reviewComments)
      .where(and(eq(reviewComments.id, commentId), isNull(reviewComments.reviewId)))
      .returning();
    if (!row) throw await explainUnchanged(tx, commentId);
    await recordAudit(tx, {
      ...{ actor, now, facts: { commentId, path: row.path, line: row.line } },
      action: "review.comment_removed",
      target: `run:${row.runId}`,
    });
    return toCommentView(row);
  });
}
