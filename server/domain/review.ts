import { z } from "zod";
import { runStatusSchema } from "./run-status";

export const diffSides = ["old", "new"] as const;
/** Of a diff: `old` lines are those of the commit it begins from, `new` those of the one it leads to. */
export type DiffSide = (typeof diffSides)[number];

export const reviewLimits = {
  maxBodyLength: 16_000,
  maxQuoteLength: 16_000,
  maxUnsent: 200,
} as const;

/** A remark on lines of what a run changed. Lines are counted from 1, both ends belong to it. */
export const reviewCommentSchema = z.object({
  id: z.string(),
  /** The commits that were compared when it was written. */
  fromCommit: z.string(),
  toCommit: z.string(),
  path: z.string(),
  side: z.enum(diffSides),
  line: z.number().int(),
  endLine: z.number().int(),
  quote: z.string(),
  body: z.string(),
  by: z.string(),
  createdAt: z.date(),
  editedAt: z.date().nullable(),
  /** The review it was sent with; null while it is not sent. */
  reviewId: z.string().nullable(),
  /** Whether its lines were changed by the run that was told of them; null: not known yet. */
  isTouched: z.boolean().nullable(),
});
export type ReviewComment = z.infer<typeof reviewCommentSchema>;

/** One message made of comments and a note, and the run that was given it. */
const reviewSchema = z.object({
  id: z.string(),
  note: z.string().nullable(),
  by: z.string(),
  createdAt: z.date(),
  /** Null while it is on its way. */
  sentAt: z.date().nullable(),
  run: z
    .object({
      id: z.string(),
      number: z.number().int(),
      status: runStatusSchema,
    })
    .nullable(),
});
export type Review = z.infer<typeof reviewSchema>;

/** How a review would reach the agent now: as the session's next run, or as a message to this one. */
const reviewWays = ["next_run", "message"] as const;
export type ReviewWay = (typeof reviewWays)[number];

export const reviewViewSchema = z.object({
  /** In the order of files and lines. */
  comments: z.array(reviewCommentSchema),
  /** Oldest first. */
  reviews: z.array(reviewSchema),
  /** Null while nothing can be sent. */
  way: z.enum(reviewWays).nullable(),
});
export type ReviewView = z.infer<typeof reviewViewSchema>;
