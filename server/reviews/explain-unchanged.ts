import { eq } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { reviewComments } from "@/db/schema";
import { Conflict, type DomainError, NotFound } from "@/server/domain/errors";
import type { ReviewCommentId } from "@/server/domain/ids";

/** Why a comment could not be changed: it is not there, or it was sent. */
export async function explainUnchanged(
  db: Executor,
  commentId: ReviewCommentId,
): Promise<DomainError> {
  const [found] = await db
    .select({ reviewId: reviewComments.reviewId })
    .from(reviewComments)
    .where(eq(reviewComments.id, commentId));
  if (!found) return new NotFound("comment", commentId);
  return new Conflict("The comment was sent to the agent.", {
    facts: { commentId, reviewId: found.reviewId },
    hint: "Write another comment; it goes with the next review.",
  });
}
