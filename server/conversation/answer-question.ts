import { and, eq, sql } from "drizzle-orm";
import { z } from "zod";
import type { Transaction } from "@/db/client";
import { questions, runs } from "@/db/schema";
import { recordAudit } from "@/server/audit/record-audit";
import { nameActor } from "@/server/domain/actor";
import {
  nextMessageTool,
  type QuestionState,
  type QuestionView,
  questionDecisions,
} from "@/server/domain/conversation";
import { BadInput, Conflict, NotFound } from "@/server/domain/errors";
import { questionIdSchema } from "@/server/domain/ids";
import { parseInput } from "@/server/domain/parse-input";
import type { EventFact } from "@/server/runs/append-event";
import { runControlChannel } from "@/server/runs/cancel-run";
import type { VerbContext } from "@/server/runs/context";
import { messageSchema } from "@/server/runs/start-run-input";
import { insertMessage } from "./insert-message";
import { settleWaiting } from "./settle-waiting";
import { toQuestionView } from "./to-question-view";

export const answerQuestionInputSchema = z.strictObject({
  questionId: questionIdSchema,
  decision: z.enum(questionDecisions),
  /** The reason of a denial, or the words that the agent asked for. */
  text: messageSchema.nullish(),
});
type Answer = z.infer<typeof answerQuestionInputSchema>;
type Question = typeof questions.$inferSelect;

/**
 * Answers what an agent asked. With the last open question of a run it goes on to run; the answer is
 * handed over by the worker, and an agent that is denied is given the reason.
 * @throws NotFound; Conflict when it is not open any more; BadInput.
 */
export async function answerQuestion(
  context: VerbContext,
  input: z.input<typeof answerQuestionInputSchema>,
): Promise<QuestionView> {
  const answer = parseInput(answerQuestionInputSchema, input);
  return context.db.transaction(async (tx) => {
    const asked = await lockQuestion(tx, answer);
    requireFit(asked, answer);
    const answered = await settle(tx, context, answer);
    const { runId } = answered;
    await recordAudit(tx, {
      actor: context.actor,
      action: "run.question_answered",
      target: `run:${runId}`,
      facts: { questionId: asked.id, tool: asked.tool, decision: answer.decision },
      now: context.now,
    });
    await tx.execute(sql`select pg_notify(${runControlChannel}, ${runId})`);
    const by = nameActor(context.actor);
    const data = { questionId: asked.id, tool: asked.tool, decision: answer.decision };
    const told: EventFact = { kind: "question_answered", data };
    await settleWaiting(tx, { runId, fence: null, actor: by, facts: [told], now: context.now });
    // Words for the agent's next turn are a message like any other, with receipts.
    if (asked.tool === nextMessageTool && answer.decision !== "deny" && answer.text) {
      await insertMessage(tx, { runId, text: answer.text, by, now: context.now });
    }
    return toQuestionView(answered);
  });
}

/** The run's row first, as everywhere: whoever moves the run waits for the answer, or it for them. */
async function lockQuestion(tx: Transaction, { questionId }: Answer): Promise<Question> {
  const [found] = await tx
    .select({ runId: questions.runId })
    .from(questions)
    .where(eq(questions.id, questionId));
  if (!found) throw new NotFound("question", questionId);
  await tx.select({ id: runs.id }).from(runs).where(eq(runs.id, found.runId)).for("update");
  const [question] = await tx.select().from(questions).where(eq(questions.id, questionId));
  if (!question) throw new NotFound("question", questionId);
  return question;
}

function requireFit({ needsWords }: Question, { decision, text }: Answer): void {
  if (decision === "deny") return;
  if (needsWords && decision === "allow_in_session") {
    throw new BadInput("Words are an answer to one question only.", {
      fields: { decision: "Choose “allow” and give the answer." },
    });
  }
  if (needsWords === (text != null)) return;
  const [message, hint] = needsWords
    ? ["This question wants words.", "Give the answer as text."]
    : ["A permission takes no words.", "Allow it without, and send a message besides."];
  throw new BadInput(message, { hint, fields: { text: hint } });
}

async function settle(
  tx: Transaction,
  { actor, now }: VerbContext,
  { questionId, decision, text }: Answer,
): Promise<Question> {
  const [answered] = await tx
    .update(questions)
    .set({
      state: decision === "deny" ? "denied" : "allowed",
      answeredAt: now,
      answeredBy: nameActor(actor),
      answerText: text ?? null,
      isForSession: decision === "allow_in_session",
    })
    .where(and(eq(questions.id, questionId), eq(questions.state, "open")))
    .returning();
  if (answered) return answered;
  const [question] = await tx.select().from(questions).where(eq(questions.id, questionId));
  const state = question?.state ?? "moot";
  throw new Conflict(words[state], {
    facts: { questionId, state, answeredBy: question?.answeredBy ?? null },
    hint: "Look at the run: it has gone on meanwhile.",
  });
}

const words: Record<QuestionState, string> = {
  open: "The question changed meanwhile.",
  allowed: "This question was answered already: allowed.",
  denied: "This question was answered already: denied.",
  expired: "Nobody answered in time: the question was denied when its deadline passed.",
  moot: "The agent does not wait for an answer any more.",
};
