import { sql } from "drizzle-orm";
import { boolean, check, index, integer, pgTable, text, uuid } from "drizzle-orm/pg-core";
import type { ReviewCommentId, ReviewId, RunId, SessionId, Sha } from "@/server/domain/ids";
import type { DiffSide } from "@/server/domain/review";
import { moment } from "./columns";
import { reviews } from "./reviews";
import { runs } from "./runs";
import { sessions } from "./sessions";

/** A remark on lines of what a run changed. Without a review it is not sent yet. */
export const reviewComments = pgTable(
  "review_comments",
  {
    id: uuid("id").$type<ReviewCommentId>().primaryKey(),
    runId: uuid("run_id")
      .$type<RunId>()
      .notNull()
      .references(() => runs.id),
    sessionId: uuid("session_id")
      .$type<SessionId>()
      .notNull()
      .references(() => sessions.id),
    /** What was compared when it was written. */
    fromCommit: text("from_commit").$type<Sha>().notNull(),
    toCommit: text("to_commit").$type<Sha>().notNull(),
    path: text("path").notNull(),
    side: text("side").$type<DiffSide>().notNull(),
    line: integer("line").notNull(),
    endLine: integer("end_line").notNull(),
    quote: text("quote").notNull(),
    body: text("body").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: moment("created_at").notNull(),
    editedBy: text("edited_by"),
    editedAt: moment("edited_at"),
    reviewId: uuid("review_id")
      .$type<ReviewId>()
      .references(() => reviews.id),
    /** Whether the run that was told changed its lines; null while that is not known. */
    isTouched: boolean("is_touched"),
    judgedAt: moment("judged_at"),
  },
  (t) => [
    index("review_comments_run").on(t.runId, t.createdAt),
    index("review_comments_review").on(t.reviewId),
    index("review_comments_unsent").on(t.runId).where(sql`${t.reviewId} is null`),
    check("review_comments_side_known", sql`${t.side} in ('old', 'new')`),
    check("review_comments_lines", sql`${t.line} >= 1 and ${t.endLine} >= ${t.line}`),
    check("review_comments_says_something", sql`${t.body} <> ''`),
    check(
      "review_comments_judged_when_sent",
      sql`${t.isTouched} is null or (${t.reviewId} is not null and ${t.judgedAt} is not null)`,
    ),
  ],
);
