import { sql } from "drizzle-orm";
import { boolean, check, index, json, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import type { QuestionState } from "@/server/domain/conversation";
import { questionStates } from "@/server/domain/conversation";
import type { AttemptId, QuestionId, RunId } from "@/server/domain/ids";
import { attempts } from "./attempts";
import { moment } from "./columns";
import { runs } from "./runs";

/** What an agent asked before it went on, and how it was answered. */
export const questions = pgTable(
  "questions",
  {
    id: uuid("id").$type<QuestionId>().primaryKey(),
    runId: uuid("run_id")
      .$type<RunId>()
      .notNull()
      .references(() => runs.id),
    attemptId: uuid("attempt_id")
      .$type<AttemptId>()
      .notNull()
      .references(() => attempts.id),
    /** The agent's own id of it; one attempt uses none twice. */
    nativeId: text("native_id").notNull(),
    tool: text("tool").notNull(),
    input: json("input").$type<unknown>(),
    reason: text("reason"),
    needsWords: boolean("needs_words").notNull().default(false),
    state: text("state").$type<QuestionState>().notNull().default("open"),
    askedAt: moment("asked_at").notNull().defaultNow(),
    deadlineAt: moment("deadline_at").notNull(),
    answeredAt: moment("answered_at"),
    answeredBy: text("answered_by"),
    answerText: text("answer_text"),
    isForSession: boolean("is_for_session").notNull().default(false),
    /** When the answer was committed for the agent's stdin. */
    handedOverAt: moment("handed_over_at"),
  },
  (t) => [
    unique("questions_native").on(t.attemptId, t.nativeId),
    index("questions_run").on(t.runId, t.askedAt),
    index("questions_open").on(t.runId).where(sql`${t.state} = 'open'`),
    index("questions_for_session").on(t.runId, t.tool).where(sql`${t.isForSession}`),
    check(
      "questions_state_known",
      sql`${t.state} in ${sql.raw(`(${questionStates.map((state) => `'${state}'`).join(", ")})`)}`,
    ),
    check(
      "questions_answered_by_someone",
      sql`${t.state} not in ('allowed', 'denied') or (${t.answeredAt} is not null and ${t.answeredBy} is not null)`,
    ),
  ],
);
