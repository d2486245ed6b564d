import type {
  ConversationView,
  MessageView,
  QuestionDecision,
  QuestionView,
} from "@/server/domain/conversation";

// What a page shows of an act before the server has answered; the server's answer replaces it.

export function addMessage(
  view: ConversationView,
  { id, runId, text, by, now }: { id: string; runId: string; text: string; by: string; now: Date },
): ConversationView {
  const message: MessageView = {
    ...{ id, runId, text, by, state: "queued", createdAt: now },
    ...{ editedAt: null, handedOverAt: null, readAt: null, endedAt: null },
  };
  return { ...view, messages: [...view.messages, message] };
}

/** An edit or a withdrawal; a message that is no longer queued stays as it is. */
export function changeMessage(
  view: ConversationView,
  id: string,
  change: Partial<MessageView>,
): ConversationView {
  const messages = view.messages.map((message) =>
    message.id === id && message.state === "queued" ? { ...message, ...change } : message,
  );
  return { ...view, messages };
}

export interface Answer {
  questionId: string;
  decision: QuestionDecision;
  text?: string;
}

/** An answer; a question that is settled already stays as it is. */
export function settleQuestion<Question extends QuestionView>(
  questions: Question[],
  { questionId, decision, text }: Answer,
  { by, now }: { by: string; now: Date },
): Question[] {
  return questions.map((question) =>
    question.id === questionId && question.state === "open"
      ? {
          ...question,
          state: decision === "deny" ? ("denied" as const) : ("allowed" as const),
          isForSession: decision === "allow_in_session",
          answerText: text ?? null,
          answeredBy: by,
          answeredAt: now,
        }
      : question,
  );
}
