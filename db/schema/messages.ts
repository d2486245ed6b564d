import { sql } from "drizzle-orm";
import { bigint, check, index, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import type { MessageState } from "@/server/domain/conversation";
import { messageStates } from "@/server/domain/conversation";
import type { AttemptId, MessageId, RunId } from "@/server/domain/ids";
import { attempts } from "./attempts";
import { moment } from "./columns";
import { runs } from "./runs";

/** What is said to a running agent, and what became of it. */
export const messages = pgTable(
  "messages",
  {
    id: uuid("id").$type<MessageId>().primaryKey(),
    runId: uuid("run_id")
      .$type<RunId>()
      .notNull()
      .references(() => runs.id),
    /** The order in which they are handed over. */
    position: bigint("position", { mode: "number" }).notNull().generatedAlwaysAsIdentity(),
    text: text("text").notNull(),
    state: text("state").$type<MessageState>().notNull().default("queued"),
    createdBy: text("created_by").notNull(),
    createdAt: moment("created_at").notNull().defaultNow(),
    editedAt: moment("edited_at"),
    /** The attempt whose agent it was handed to. */
    attemptId: uuid("attempt_id")
      .$type<AttemptId>()
      .references(() => attempts.id),
    handedOverAt: moment("handed_over_at"),
    readAt: moment("read_at"),
    endedAt: moment("ended_at"),
    idempotencyKey: text("idempotency_key"),
  },
  (t) => [
    index("messages_run").on(t.runId, t.position),
    index("messages_queued").on(t.runId).where(sql`${t.state} = 'queued'`),
    unique("messages_idempotency_key").on(t.idempotencyKey),
    check(
      "messages_state_known",
      sql`${t.state} in ${sql.raw(`(${messageStates.map((state) => `'${state}'`).join(", ")})`)}`,
    ),
    check(
      "messages_handed_over_to_someone",
      sql`${t.state} not in ('handed_over', 'read') or (${t.attemptId} is not null and ${t.handedOverAt} is not null)`,
    ),
  ],
);
