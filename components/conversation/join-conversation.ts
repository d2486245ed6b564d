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
 * that the transcript has stands there with its receipt, any other at its time. Left out are those
 * still on their way and open questions, which stand above the composer, and what belongs before the
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
  const lines = nodes.map((node): ConversationLine => {
    const { entry, seq } = node.view;
    const id = entry.kind === "message" ? entry.messageId : undefined;
    if (id !== undefined) told.add(id);
    return { kind: "entry", key: `e${seq}`, node, message: messages.get(id ?? "") ?? null };
  });
  return isWhole ? merge(lines, listBeside(said, told), hasEarlier) : lines;
}

/** Messages that the agent may still get, without those that the transcript already tells of. */
export function listOnTheWay(messages: MessageView[]): MessageView[] {
  return messages.filter(isOnTheWay);
}

function isOnTheWay({ state }: MessageView): boolean {
  return state === "queued" || state === "handed_over";
}

function listBeside(said: Said | undefined, told: Set<string>): Beside[] {
  const messages = (said?.messages ?? [])
    .filter((message) => !told.has(message.id) && !isOnTheWay(message))
    .map((message): Beside => {
      const at = message.createdAt.getTime();
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
