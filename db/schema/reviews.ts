import { sql } from "drizzle-orm";
import { check, index, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import type { MessageId, ReviewId, RunId } from "@/server/domain/ids";
import { moment } from "./columns";
import { messages } from "./messages";
import { runs } from "./runs";

/** A review of what a run changed, as one message; the row is there before the message is sent. */
export const reviews = pgTable(
  "reviews",
  {
    id: uuid("id").$type<ReviewId>().primaryKey(),
    runId: uuid("run_id")
      .$type<RunId>()
      .notNull()
      .references(() => runs.id),
    note: text("note"),
    /** What is sent, word for word, also when it has to be sent again. */
    text: text("text").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: moment("created_at").notNull(),
    sentAt: moment("sent_at"),
    /** The run that was given it: the session's next one, or the reviewed one while it worked. */
    sentRunId: uuid("sent_run_id")
      .$type<RunId>()
      .references(() => runs.id),
    sentMessageId: uuid("sent_message_id")
      .$type<MessageId>()
      .references(() => messages.id),
  },
  (t) => [
    index("reviews_run").on(t.runId, t.createdAt),
    uniqueIndex("reviews_one_on_its_way").on(t.runId).where(sql`${t.sentAt} is null`),
    check("reviews_sent_to_a_run", sql`(${t.sentAt} is null) = (${t.sentRunId} is null)`),
  ],
);
