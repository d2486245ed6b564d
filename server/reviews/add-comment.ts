import { randomUUID } from "node:crypto";
import { and, count, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import { reviewComments } from "@/db/schema";
import { recordAudit } from "@/server/audit/record-audit";
import { nameActor } from "@/server/domain/actor";
import { BadInput, Conflict } from "@/server/domain/errors";
import { reviewCommentIdSchema, runIdSchema, shaSchema } from "@/server/domain/ids";
import { utf8Length } from "@/server/domain/limits";
import { parseInput } from "@/server/domain/parse-input";
import { diffSides, type ReviewComment, reviewLimits } from "@/server/domain/review";
import type { VerbContext } from "@/server/runs/context";
import { toCommentView } from "./read-review-view";
import { requireRun } from "./require-run";

const hasNoNul = (text: string) => !text.includes("\u0000");
const noNul = "It cannot contain the character NUL.";

export const commentBodySchema = z
  .string()
  .max(reviewLimits.maxBodyLength)
  .refine((text) => text.trim().length > 0, "Say something about these lines.")
  .refine(hasNoNul, noNul);

export const addCommentInputSchema = z.strictObject({
  runId: runIdSchema,
  /** The commits that are compared where it is written. */
  fromCommit: shaSchema,
  toCommit: shaSchema,
  /** On the side that it is on. */
  path: z.string().min(1).max(4096).refine(hasNoNul, noNul),
  side: z.enum(diffSides).default("new"),
  line: z.int().min(1),
  /** The last line, itself included; the first one by default. */
  endLine: z.int().min(1).nullish(),
  /** The code of these lines, which the agent is shown. */
  quote: z.string().max(reviewLimits.maxQuoteLength).refine(hasNoNul, noNul).default(""),
  body: commentBodySchema,
});

/**
 * Writes a comment on lines of what a run changed. It waits with the others until the review is sent.
 * @throws NotFound; Conflict when too many wait; BadInput.
 */
export async function addComment(
  { db, actor, now }: VerbContext,
  input: z.input<typeof addCommentInputSchema>,
): Promise<ReviewComment> {
  const { runId, endLine, ...given } = parseInput(addCommentInputSchema, input);
  if (endLine != null && endLine < given.line) {
    throw new BadInput("The last line is before the first.", {
      fields: { endLine: `Give ${given.line} or more.` },
    });
  }
  const run = await requireRun(db, runId);
  return db.transaction(async (tx) => {
    const [unsent] = await tx
      .select({ many: count() })
      .from(reviewComments)
      .where(and(eq(reviewComments.runId, runId), isNull(reviewComments.reviewId)));
    if ((unsent?.many ?? 0) >= reviewLimits.maxUnsent) {
      throw new Conflict(`${reviewLimits.maxUnsent} comments wait to be sent already.`, {
        hint: "Send the review, or discard some of them.",
      });
    }
    const [row] = await tx
      .insert(reviewComments)
      .values({
        ...given,
        id: reviewCommentIdSchema.parse(randomUUID()),
        ...{ runId, sessionId: run.sessionId, endLine: endLine ?? given.line },
        ...{ createdBy: nameActor(actor), createdAt: now },
      })
      .returning();
    if (!row) throw new Error("the database returned no comment");
    const { id, path, side, line } = row;
    const facts = { commentId: id, path, side, line, bytes: utf8Length(row.body) };
    await recordAudit(tx, {
      ...{ actor, now, facts },
      action: "review.comment_added",
      target: `run:${runId}`,
    });
    return toCommentView(row);
  });
}
