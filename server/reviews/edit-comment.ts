import { and, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import { reviewComments } from "@/db/schema";
import { recordAudit } from "@/server/audit/record-audit";
import { nameActor } from "@/server/domain/actor";
import { reviewCommentIdSchema } from "@/server/domain/ids";
import { utf8Length } from "@/server/domain/limits";
import { parseInput } from "@/server/domain/parse-input";
import type { ReviewComment } from "@/server/domain/review";
import type { VerbContext } from "@/server/runs/context";
import { commentBodySchema } from "./add-comment";
import { explainUnchanged } from "./explain-unchanged";
import { toCommentView } from "./read-review-view";

export const editCommentInputSchema = z.strictObject({
  commentId: reviewCommentIdSchema,
  body: commentBodySchema,
});

/**
 * Gives a comment that is not sent yet other words.
 * @throws NotFound; Conflict when it was sent; BadInput.
 */
export async function editComment(
  { db, actor, now }: VerbContext,
  input: z.input<typeof editCommentInputSchema>,
): Promise<ReviewComment> {
  const { commentId, body } = parseInput(editCommentInputSchema, input);
  return db.transaction(async (tx) => {
    const [row] = await tx
      .update(reviewComments)
      .set({ body, editedAt: now, editedBy: nameActor(actor) })
      .where(and(eq(reviewComments.id, commentId), isNull(reviewComments.reviewId)))
      .returning();
    if (!row) throw await explainUnchanged(tx, commentId);
    await recordAudit(tx, {
      ...{ actor, now, facts: { commentId, bytes: utf8Length(body) } },
      action: "review.comment_edited",
      target: `run:${row.runId}`,
    });
    return toCommentView(row);
  });
}
