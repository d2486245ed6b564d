import { z } from "zod";
import { reviewCommentSchema, reviewViewSchema } from "@/server/domain/review";
import { addComment, addCommentInputSchema } from "@/server/reviews/add-comment";
import { discardComments } from "@/server/reviews/discard-comments";
import { editComment, editCommentInputSchema } from "@/server/reviews/edit-comment";
import { judgeComments } from "@/server/reviews/judge-comments";
import { readReviewView } from "@/server/reviews/read-review-view";
import { removeComment, removeCommentInputSchema } from "@/server/reviews/remove-comment";
import { sendReview, sendReviewInputSchema } from "@/server/reviews/send-review";
import { resolveRunId } from "@/server/runs/resolve-run-id";
import { rest } from "./rest-meta";
import { keySchema } from "./shapes";
import { operatorProcedure, router, viewerProcedure } from "./trpc";

const ofRun = { runId: keySchema };
const runInputSchema = z.strictObject(ofRun);

export const reviewsRouter = router({
  list: viewerProcedure
    .meta(rest("GET", "/runs/{runId}/comments", "The comments on a run's changes, and its reviews"))
    .input(runInputSchema)
    .output(reviewViewSchema)
    .query(async ({ ctx, input }) =>
      readReviewView(ctx.db, await resolveRunId(ctx.db, input.runId), ctx.actor),
    ),

  judge: viewerProcedure
    .meta(
      rest(
        "GET",
        "/runs/{runId}/comments/touched",
        "The same, with whether the next run changed what was commented on",
      ),
    )
    .input(runInputSchema)
    .output(reviewViewSchema)
    .query(async ({ ctx, input }) =>
      judgeComments(ctx, { runId: await resolveRunId(ctx.db, input.runId) }),
    ),

  add: operatorProcedure
    .meta(rest("POST", "/runs/{runId}/comments", "Comment on lines of what a run changed"))
    .input(addCommentInputSchema.extend(ofRun))
    .output(reviewCommentSchema)
    .mutation(async ({ ctx, input }) =>
      addComment(ctx, { ...input, runId: await resolveRunId(ctx.db, input.runId) }),
    ),

  edit: operatorProcedure
    .meta(rest("PATCH", "/comments/{commentId}", "Change a comment that is not sent yet"))
    .input(editCommentInputSchema)
    .output(reviewCommentSchema)
    .mutation(({ ctx, input }) => editComment(ctx, input)),

  remove: operatorProcedure
    .meta(rest("DELETE", "/comments/{commentId}", "Take back a comment that is not sent yet"))
    .input(removeCommentInputSchema)
    .output(reviewCommentSchema)
    .mutation(({ ctx, input }) => removeComment(ctx, input)),

  discard: operatorProcedure
    .meta(rest("DELETE", "/runs/{runId}/comments", "Take back all comments that are not sent yet"))
    .input(runInputSchema)
    .output(reviewViewSchema)
    .mutation(async ({ ctx, input }) =>
      discardComments(ctx, { runId: await resolveRunId(ctx.db, input.runId) }),
    ),

  send: operatorProcedure
    .meta(rest("POST", "/runs/{runId}/reviews", "Send the waiting comments to the agent"))
    .input(sendReviewInputSchema.extend(ofRun))
    .output(reviewViewSchema)
    .mutation(async ({ ctx, input }) =>
      sendReview(ctx, { ...input, runId: await resolveRunId(ctx.db, input.runId) }),
    ),
});
