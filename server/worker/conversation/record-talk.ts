import { randomUUID } from "node:crypto";
import { and, eq, inArray } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { messages, questions } from "@/db/schema";
import { settleWaiting } from "@/server/conversation/settle-waiting";
import { type MessageId, messageIdSchema, questionIdSchema } from "@/server/domain/ids";
import type { EventFact } from "@/server/runs/append-event";
import { type Hold, type WorkerContext, workerActor } from "../context";
import type { AskedQuestion, Talk } from "./tell-driver";

export function hasTalk({ receipts, questions: asked, settled }: Talk): boolean {
  return receipts.length + asked.length + settled.length > 0;
}

/**
 * Records what became of messages and questions, and lets the run wait or go on with it, in the
 * transaction that stores the step they came from. The run's row is locked.
 */
export async function recordTalk(
  context: WorkerContext,
  tx: Transaction,
  hold: Hold,
  deadlineSeconds: number,
  talk: Talk,
  facts: EventFact[],
): Promise<void> {
  const now = new Date();
  const actor = workerActor(context);
  const told = [
    ...facts,
    ...(await noteRead(tx, hold, talk, now)),
    ...(await noteSettled(tx, hold, talk)),
    ...(await noteAsked(tx, hold, talk.questions, deadlineSeconds, now)),
  ];
  await settleWaiting(tx, { runId: hold.runId, fence: hold.fence, actor, facts: told, now });
}

async function noteRead(
  tx: Transaction,
  hold: Hold,
  { receipts }: Talk,
  now: Date,
): Promise<EventFact[]> {
  // What Coppice said for itself, e.g. why something was denied, is no message of the table.
  const ids = receipts.flatMap(({ messageId, state }): MessageId[] => {
    const id = messageIdSchema.safeParse(messageId);
    return id.success && (state === "read" || state === "done") ? [id.data] : [];
  });
  if (ids.length === 0) return [];
  const read = await tx
    .update(messages)
    .set({ state: "read", readAt: now })
    .where(
      and(
        inArray(messages.id, ids),
        eq(messages.attemptId, hold.attemptId),
        eq(messages.state, "handed_over"),
      ),
    )
    .returning({ id: messages.id });
  return read.map(({ id }) => ({ kind: "message_moved", data: { messageId: id, state: "read" } }));
}

/** The agent took them back, or went on without an answer. */
async function noteSettled(tx: Transaction, hold: Hold, { settled }: Talk): Promise<EventFact[]> {
  if (settled.length === 0) return [];
  const moot = await tx
    .update(questions)
    .set({ state: "moot" })
    .where(
      and(
        eq(questions.attemptId, hold.attemptId),
        inArray(questions.nativeId, settled),
        eq(questions.state, "open"),
      ),
    )
    .returning({ id: questions.id, tool: questions.tool });
  return moot.map(({ id, tool }) => ({
    kind: "question_answered",
    data: { questionId: id, tool, decision: "moot" },
  }));
}

async function noteAsked(
  tx: Transaction,
  hold: Hold,
  asked: AskedQuestion[],
  deadlineSeconds: number,
  now: Date,
): Promise<EventFact[]> {
  if (asked.length === 0) return [];
  const deadlineAt = new Date(now.getTime() + deadlineSeconds * 1000);
  const rows = asked.map(({ questionId, tool, input, reason, needsWords, isAllowedBefore }) => ({
    id: questionIdSchema.parse(randomUUID()),
    runId: hold.runId,
    attemptId: hold.attemptId,
    nativeId: questionId,
    ...{ tool, input, reason, askedAt: now, deadlineAt },
    needsWords: needsWords ?? false,
    ...(isAllowedBefore
      ? ({ state: "allowed", answeredAt: now, answeredBy: "coppice", handedOverAt: now } as const)
      : {}),
  }));
  await tx.insert(questions).values(rows);
  return asked.flatMap(({ tool, isAllowedBefore }, index): EventFact[] => {
    const questionId = rows[index]?.id;
    const fact: EventFact = { kind: "question_asked", data: { questionId, tool } };
    const allowed = { questionId, tool, decision: "allow", text: "allowed in this session before" };
    return isAllowedBefore ? [fact, { kind: "question_answered", data: allowed }] : [fact];
  });
}
