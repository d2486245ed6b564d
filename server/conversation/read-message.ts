import { eq } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { messages } from "@/db/schema";
import type { MessageView } from "@/server/domain/conversation";
import { NotFound } from "@/server/domain/errors";
import type { MessageId } from "@/server/domain/ids";

/** @throws NotFound */
export async function readMessage(db: Executor, id: MessageId): Promise<MessageView> {
  const [row] = await db.select().from(messages).where(eq(messages.id, id));
  if (!row) throw new NotFound("message", id);
  return toMessageView(row);
}

export function toMessageView(row: typeof messages.$inferSelect): MessageView {
  const { id, runId, state, text, createdBy: by } = row;
  const { createdAt, editedAt, handedOverAt, readAt, endedAt } = row;
  return { id, runId, state, text, by, createdAt, editedAt, handedOverAt, readAt, endedAt };
}
