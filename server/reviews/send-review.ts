import { randomUUID } from "node:crypto";
import { and, asc, eq, inArray, isNull } from "drizzle-orm";
import { z } from "zod";
import type { Transaction } from "@/db/client";
import { violatedConstraint } from "@/db/errors";
import { reviewComments, reviews } from "@/db/schema";
import { recordAudit } from "@/server/audit/record-audit";
import { nameActor } from "@/server/domain/actor";
import { BadInput, Conflict, DomainError } from "@/server/domain/errors";
import { type RunId, reviewIdSchema, runIdSchema } from "@/server/domain/ids";
import { limits, utf8Length } from "@/server/domain/limits";
import { parseInput } from "@/server/domain/parse-input";
import { type ReviewView, reviewLimits } from "@/server/domain/review";
import type { VerbContext } from "@/server/runs/context";
import { composeReview } from "./compose-review";
import { deliverReview, type SentReview } from "./deliver-review";
import { readReviewView } from "./read-review-view";
import { requireRun } from "./require-run";

export const sendReviewInputSchema = z.strictObject({
  runId: runIdSchema,
  /** Stands before the comments; may be all there is. */
  note: z.string().max(reviewLimits.maxBodyLength).nullish(),
});

type Row = typeof reviews.$inferSelect;

/**
 * Sends all waiting comments on a run, with a note, as one message: to the session's next run, or to the
 * agent while it works. The review is recorded first and sent under its own id, so that a review which a
 * crash left on its way is sent by the next call, and once.
 * @throws NotFound; BadInput when there is nothing to say or too much; Conflict when its agent can be
 *   told nothing now; and what startRun throws.
 */
export async function sendReview(
  context: VerbContext,
  input: z.input<typeof sendReviewInputSchema>,
): Promise<ReviewView> {
  const { runId, note } = parseInput(sendReviewInputSchema, input);
  const run = await requireRun(context.db, runId);
  const review = (await findOnItsWay(context, runId)) ?? (await insertReview(context, runId, note));
  try {
    await recordSent(context, review, await deliverReview(context, run, review));
  } catch (error) {
    // What was refused is certain not to be sent; after anything else the next call finds out.
    if (error instanceof DomainError) await takeBack(context, review);
    throw error;
  }
  return readReviewView(context.db, runId, context.actor);
}

async function findOnItsWay({ db }: VerbContext, runId: RunId): Promise<Row | undefined> {
  const [found] = await db
    .select()
    .from(reviews)
    .where(and(eq(reviews.runId, runId), isNull(reviews.sentAt)));
  return found;
}

async function insertReview(
  context: VerbContext,
  runId: RunId,
  note: string | null | undefined,
): Promise<Row> {
  try {
    return await context.db.transaction((tx) => compose(context, tx, runId, note?.trim() || null));
  } catch (error) {
    if (violatedConstraint(error) !== "reviews_one_on_its_way") throw error;
    throw new Conflict("Somebody else is sending a review of this run.", {
      hint: "Look at the page again; what was not sent is still there.",
      cause: error,
    });
  }
}

async function compose(
  { actor, now }: VerbContext,
  tx: Transaction,
  runId: RunId,
  note: string | null,
): Promise<Row> {
  const waiting = await tx
    .select()
    .from(reviewComments)
    .where(and(eq(reviewComments.runId, runId), isNull(reviewComments.reviewId)))
    .orderBy(asc(reviewComments.path), asc(reviewComments.line), asc(reviewComments.createdAt))
    .for("update");
  if (waiting.length === 0 && !note) throw nothingToSend();
  const text = composeReview(note, waiting);
  if (utf8Length(text) > limits.maxMessageBytes) throw tooLong();
  const [review] = await tx
    .insert(reviews)
    .values({
      ...{ id: reviewIdSchema.parse(randomUUID()), runId, note, text },
      ...{ createdBy: nameActor(actor), createdAt: now },
    })
    .returning();
  if (!review) throw new Error("the database returned no review");
  const ids = waiting.map(({ id }) => id);
  if (ids.length > 0) {
    await tx
      .update(reviewComments)
      .set({ reviewId: review.id })
      .where(inArray(reviewComments.id, ids));
  }
  return review;
}

async function recordSent(
  { db, actor, now }: VerbContext,
  review: Row,
  sent: SentReview,
): Promise<void> {
  await db.transaction(async (tx) => {
    const recorded = await tx
      .update(reviews)
      .set({ sentAt: now, sentRunId: sent.runId, sentMessageId: sent.messageId })
      .where(and(eq(reviews.id, review.id), isNull(reviews.sentAt)))
      .returning({ id: reviews.id });
    if (recorded.length === 0) return;
    await recordAudit(tx, {
      ...{ actor, now, action: "review.sent", target: `run:${review.runId}` },
      facts: { reviewId: review.id, ...sent, bytes: utf8Length(review.text) },
    });
  });
}

async function takeBack({ db }: VerbContext, review: Row): Promise<void> {
  await db.transaction(async (tx) => {
    const [still] = await tx
      .select({ id: reviews.id })
      .from(reviews)
      .where(and(eq(reviews.id, review.id), isNull(reviews.sentAt)))
      .for("update");
    if (!still) return;
    await tx
      .update(reviewComments)
      .set({ reviewId: null })
      .where(eq(reviewComments.reviewId, review.id));
    await tx.delete(reviews).where(eq(reviews.id, review.id));
  });
}

function nothingToSend(): BadInput {
  return new BadInput("There is nothing to send.", {
    fields: { note: "Write a comment on a line, or a note." },
    hint: "Write a comment on a line of the changes, or a note.",
  });
}

function tooLong(): BadInput {
  return new BadInput(`The review is longer than ${limits.maxMessageBytes / 1024} KiB.`, {
    hint: "Send it in parts: discard some comments and write them again afterwards.",
  });
}
