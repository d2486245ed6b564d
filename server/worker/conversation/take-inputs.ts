import { and, asc, eq, inArray, isNull, lte } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { messages, questions, runs } from "@/db/schema";
import type { OperatorInput } from "@/server/agents/driver";
import { nextMessageTool } from "@/server/domain/conversation";
import type { EventFact } from "@/server/runs/append-event";
import type { Hold } from "../context";

type Run = typeof runs.$inferSelect;
type Question = typeof questions.$inferSelect;

/** Something that an operator said, and how to note that the agent was given it. */
export interface WaitingInput {
  input: OperatorInput;
  fact: EventFact | null;
  markGiven(tx: Transaction, now: Date): Promise<unknown>;
}

/**
 * What waits for the agent: answers first, an interrupt, then messages in their order, so that what is
 * queued at an interrupt is the next turn. Questions whose deadline has passed are denied here. The
 * run's row is locked; the messages' rows are from here on.
 */
export async function takeInputs(
  tx: Transaction,
  hold: Hold,
  run: Run,
  now: Date,
): Promise<WaitingInput[]> {
  await tx
    .update(questions)
    .set({ state: "expired" })
    .where(
      and(
        eq(questions.attemptId, hold.attemptId),
        eq(questions.state, "open"),
        lte(questions.deadlineAt, now),
      ),
    );
  const answered = await tx
    .select()
    .from(questions)
    .where(
      and(
        eq(questions.attemptId, hold.attemptId),
        inArray(questions.state, ["allowed", "denied", "expired"]),
        isNull(questions.handedOverAt),
      ),
    )
    .orderBy(asc(questions.answeredAt), asc(questions.askedAt), asc(questions.id));
  const queued = await tx
    .select()
    .from(messages)
    .where(and(eq(messages.runId, hold.runId), eq(messages.state, "queued")))
    .orderBy(asc(messages.position))
    .for("update");
  return [
    ...answered.map(describeAnswer),
    ...describeInterrupt(run),
    ...queued.map((message) => describeMessage(hold, message)),
  ];
}

function describeAnswer(question: Question): WaitingInput {
  const { id, nativeId, tool, state } = question;
  const text = explainAnswer(question);
  const input = {
    kind: "answer" as const,
    id,
    questionId: nativeId,
    isAllowed: state === "allowed",
  };
  const data = { questionId: id, tool, decision: "expired" };
  return {
    input: text === null ? input : { ...input, text },
    // An operator's answer was told when it was given.
    fact: state === "expired" ? { kind: "question_answered", data } : null,
    markGiven: (tx, now) =>
      tx.update(questions).set({ handedOverAt: now }).where(eq(questions.id, id)),
  };
}

function explainAnswer({ state, tool, answerText, askedAt, deadlineAt }: Question): string | null {
  if (state !== "expired") return answerText;
  const minutes = Math.max(1, Math.round((deadlineAt.getTime() - askedAt.getTime()) / 60_000));
  const within = `within ${minutes} ${minutes === 1 ? "minute" : "minutes"}`;
  return tool === nextMessageTool
    ? `The agent was interrupted, and nobody said ${within} what comes next.`
    : `Nobody answered ${within}.`;
}

function describeInterrupt({ id, interruptAskedAt, interruptAskedBy }: Run): WaitingInput[] {
  if (interruptAskedAt === null) return [];
  const nativeId = `interrupt-${interruptAskedAt.getTime()}`;
  const by = interruptAskedBy === null ? {} : { actor: interruptAskedBy };
  return [
    {
      input: { kind: "interrupt", id: nativeId, isPause: true },
      fact: { kind: "turn_interrupted", data: {}, ...by },
      markGiven: (tx) =>
        tx
          .update(runs)
          .set({ interruptAskedAt: null, interruptAskedBy: null })
          .where(eq(runs.id, id)),
    },
  ];
}

function describeMessage(
  { attemptId }: Hold,
  { id, text }: typeof messages.$inferSelect,
): WaitingInput {
  return {
    input: { kind: "message", id, text },
    fact: { kind: "message_moved", data: { messageId: id, state: "handed_over" } },
    markGiven: (tx, now) =>
      tx
        .update(messages)
        .set({ state: "handed_over", attemptId, handedOverAt: now })
        .where(eq(messages.id, id)),
  };
}
