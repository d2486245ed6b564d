import type { EntryNode } from "@/components/transcript/group-entries";
import type { ConversationView, MessageView, QuestionView } from "@/server/domain/conversation";

/** One line of the activity: what the agent's stream told, or what was said beside it. */
export type ConversationLine =
  | { kind: "entry"; key: string; node: EntryNode; message: MessageView | null }
  | { kind: "message"; key: string; message: MessageView }
  | { kind: "question"; key: string; question: QuestionView };

type Said = Pick<ConversationView, "messages" | "questions">;
type Beside = Exclude<ConversationLine, { kind: "entry" }> & { at: number };

/**
 * Puts messages and settled questions among the transcript's entries, each exactly once: a message
 * that the transcript has stands there with its receipt, any other at its time. Left out are queued
 * messages and open questions, which stand above the composer, and what belongs before the
 * first entry while earlier ones are not loaded.
 * @param view `isWhole`: nothing is filtered out, so what was said beside belongs there too.
 */
export function joinConversation(
  nodes: EntryNode[],
  said: Said | undefined,
  { isWhole, hasEarlier }: { isWhole: boolean; hasEarlier: boolean },
): ConversationLine[] {
  const messages = new Map((said?.messages ?? []).map((message) => [message.id, message]));
  const told = new Set<string>();
  const shown = isWhole ? nodes.filter((node) => !isToldByQuestion(node, said)) : nodes;
  const lines = shown.map((node): ConversationLine => {
    const { entry, seq } = node.view;
    const id = entry.kind === "message" ? entry.messageId : undefined;
    if (id !== undefined) told.add(id);
    return { kind: "entry", key: `e${seq}`, node, message: messages.get(id ?? "") ?? null };
  });
  return isWhole ? merge(lines, listBeside(said, told), hasEarlier) : lines;
}

/** A refusal that an operator's answer led to: the question's own line tells it, and by whom. */
function isToldByQuestion({ view: { entry } }: EntryNode, said: Said | undefined): boolean {
  if (entry.kind !== "permission_denied") return false;
  const input = JSON.stringify(entry.input);
  return (said?.questions ?? []).some(
    (question) =>
      (question.state === "denied" || question.state === "expired") &&
      question.tool === entry.tool &&
      JSON.stringify(question.input) === input,
  );
}

/** Messages that the agent has not been given; from then on the transcript tells of them. */
export function listQueued(messages: MessageView[]): MessageView[] {
  return messages.filter(({ state }) => state === "queued");
}

function listBeside(said: Said | undefined, told: Set<string>): Beside[] {
  const messages = (said?.messages ?? [])
    .filter((message) => !told.has(message.id) && message.state !== "queued")
    .map((message): Beside => {
      const at = (message.handedOverAt ?? message.createdAt).getTime();
      return { kind: "message", key: `m${message.id}`, message, at };
    });
  const questions = (said?.questions ?? [])
    .filter(({ state }) => state !== "open")
    .map((question): Beside => {
      const at = question.askedAt.getTime();
      return { kind: "question", key: `q${question.id}`, question, at };
    });
  return [...messages, ...questions].sort((one, other) => one.at - other.at);
}

/** Both are in the order of time; what was said at the same time comes after the entry. */
function merge(
  lines: ConversationLine[],
  beside: Beside[],
  hasEarlier: boolean,
): ConversationLine[] {
  const merged: ConversationLine[] = [];
  let next = 0;
  for (const line of lines) {
    const at = line.kind === "entry" ? line.node.view.at.getTime() : 0;
    for (; next < beside.length && (beside[next]?.at ?? 0) < at; next += 1) {
      const one = beside[next];
      if (one && !(hasEarlier && merged.length === 0)) merged.push(one);
    }
    merged.push(line);
  }
  return [...merged, ...beside.slice(next)];
}
