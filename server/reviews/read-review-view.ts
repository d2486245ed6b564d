import { asc, eq } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { reviewComments, reviews, runs } from "@/db/schema";
import { type Actor, mayAct } from "@/server/domain/actor";
import type { RunId } from "@/server/domain/ids";
import type { ReviewComment, ReviewView } from "@/server/domain/review";
import { findReviewWay } from "./find-review-way";
import { requireRun } from "./require-run";

/** All comments on a run's changes and the reviews they were sent with. @throws NotFound */
export async function readReviewView(
  db: Executor,
  runId: RunId,
  actor: Actor,
): Promise<ReviewView> {
  const run = await requireRun(db, runId);
  const comments = await db
    .select()
    .from(reviewComments)
    .where(eq(reviewComments.runId, runId))
    .orderBy(asc(reviewComments.path), asc(reviewComments.line), asc(reviewComments.createdAt));
  const sent = await db
    .select({ review: reviews, run: { id: runs.id, number: runs.number, status: runs.status } })
    .from(reviews)
    .leftJoin(runs, eq(runs.id, reviews.sentRunId))
    .where(eq(reviews.runId, runId))
    .orderBy(asc(reviews.createdAt));
  return {
    comments: comments.map(toCommentView),
    reviews: sent.map(({ review: { id, note, createdBy, createdAt, sentAt }, run: told }) => ({
      ...{ id, note, by: createdBy, createdAt, sentAt, run: told },
    })),
    way: mayAct(actor, "operator") ? findReviewWay(run, actor) : null,
  };
}

export function toCommentView(row: typeof reviewComments.$inferSelect): ReviewComment {
  const { id, fromCommit, toCommit, path, side, line, endLine, quote, body } = row;
  return {
    ...{ id, fromCommit, toCommit, path, side, line, endLine, quote, body },
    by: row.createdBy,
    createdAt: row.createdAt,
    editedAt: row.editedAt,
    reviewId: row.reviewId,
    isTouched: row.isTouched,
  };
}
