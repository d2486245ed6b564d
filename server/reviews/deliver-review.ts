import type { reviews } from "@/db/schema";
import { steerRun } from "@/server/conversation/steer-run";
import { Conflict } from "@/server/domain/errors";
import { type MessageId, messageIdSchema, type RunId } from "@/server/domain/ids";
import type { VerbContext } from "@/server/runs/context";
import { continueSession } from "@/server/runs/continue-session";
import { findReviewWay } from "./find-review-way";
import type { ReviewedRun } from "./require-run";

export interface SentReview {
  /** The run that was given the review. */
  runId: RunId;
  /** Set where it went to a running agent. */
  messageId: MessageId | null;
}

/**
 * Gives a review to the agent, under the review's id: done twice, it arrives once.
 * @throws Conflict when the agent can be told nothing now; and what startRun throws.
 */
export async function deliverReview(
  context: VerbContext,
  run: ReviewedRun,
  review: Pick<typeof reviews.$inferSelect, "id" | "text">,
): Promise<SentReview> {
  const idempotencyKey = `review:${review.id}`;
  const way = findReviewWay(run, context.actor);
  if (way === "next_run") {
    const { sessionId } = run;
    const next = await continueSession(context, {
      sessionId,
      message: review.text,
      idempotencyKey,
    });
    return { runId: next.runId, messageId: null };
  }
  if (way === "message") {
    const said = await steerRun(context, { runId: run.id, text: review.text, idempotencyKey });
    return { runId: run.id, messageId: messageIdSchema.parse(said.id) };
  }
  throw new Conflict("The run still works, and its agent reads no review before it ends.", {
    facts: { runId: run.id, status: run.status },
    hint: "Send the review when the run has ended; the comments stay.",
  });
}
