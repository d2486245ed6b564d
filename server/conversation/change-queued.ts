import { and, eq, sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { messages } from "@/db/schema";
import { recordAudit } from "@/server/audit/record-audit";
import { nameActor } from "@/server/domain/actor";
import type { MessageState, MessageView } from "@/server/domain/conversation";
import { Conflict } from "@/server/domain/errors";
import type { MessageId } from "@/server/domain/ids";
import { appendEvent } from "@/server/runs/append-event";
import { runControlChannel } from "@/server/runs/cancel-run";
import type { VerbContext } from "@/server/runs/context";
import { readMessage, toMessageView } from "./read-message";

interface Change {
  messageId: MessageId;
  action: "message.edited" | "message.withdrawn";
  set: Partial<typeof messages.$inferInsert>;
  /** For the audit log. */
  facts: Record<string, unknown>;
}

/**
 * Changes a message that the agent has not been given: one statement settles who was first.
 * @throws NotFound; Conflict when it is not queued any more.
 */
export async function changeQueued(
  { actor, now }: VerbContext,
  tx: Transaction,
  { messageId, action, set, facts }: Change,
): Promise<MessageView> {
  const [changed] = await tx
    .update(messages)
    .set(set)
    .where(and(eq(messages.id, messageId), eq(messages.state, "queued")))
    .returning();
  if (!changed) throw explain(await readMessage(tx, messageId));
  const { runId, state } = changed;
  await recordAudit(tx, {
    actor,
    action,
    target: `run:${runId}`,
    facts: { messageId, ...facts },
    now,
  });
  await tx.execute(sql`select pg_notify(${runControlChannel}, ${runId})`);
  const data = { messageId, state, ...(action === "message.edited" && { isEdited: true }) };
  await appendEvent(tx, { runId, kind: "message_moved", actor: nameActor(actor), data, now });
  return toMessageView(changed);
}

const words: Record<MessageState, string> = {
  queued: "The message changed meanwhile.",
  handed_over: "The agent has been given this message already.",
  read: "The agent has read this message already.",
  undelivered: "The agent ended without reading this message.",
  withdrawn: "This message was withdrawn.",
};

function explain({ id, state }: MessageView): Conflict {
  const hint = "Send another message, or continue the session when the run has ended.";
  return new Conflict(words[state], { facts: { messageId: id, state }, hint });
}
