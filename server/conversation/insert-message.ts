import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { messages } from "@/db/schema";
import { type MessageId, messageIdSchema, type RunId } from "@/server/domain/ids";
import { utf8Length } from "@/server/domain/limits";
import { appendEvent } from "@/server/runs/append-event";
import { runControlChannel } from "@/server/runs/cancel-run";

export interface NewMessage {
  runId: RunId;
  text: string;
  /** The actor's name; `coppice` for a message of Coppice's own. */
  by: string;
  now: Date;
  /** Where it had to be known before. */
  id?: MessageId;
  idempotencyKey?: string | null | undefined;
}

/**
 * Queues a message for a run's agent, tells of it, and wakes whoever holds the run. The caller has seen
 * to it that the run has not ended. Appends an event, so call it late in its transaction.
 */
export async function insertMessage(tx: Transaction, message: NewMessage): Promise<MessageId> {
  const { runId, text, by, now, idempotencyKey = null } = message;
  const id = message.id ?? messageIdSchema.parse(randomUUID());
  await tx
    .insert(messages)
    .values({ id, runId, text, createdBy: by, createdAt: now, idempotencyKey });
  await tx.execute(sql`select pg_notify(${runControlChannel}, ${runId})`);
  await appendEvent(tx, {
    runId,
    kind: "message_sent",
    actor: by === "coppice" ? "system:coppice" : by,
    data: { messageId: id, bytes: utf8Length(text) },
    now,
  });
  return id;
}
