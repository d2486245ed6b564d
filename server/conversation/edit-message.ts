import { z } from "zod";
import type { MessageView } from "@/server/domain/conversation";
import { messageIdSchema } from "@/server/domain/ids";
import { utf8Length } from "@/server/domain/limits";
import { parseInput } from "@/server/domain/parse-input";
import type { VerbContext } from "@/server/runs/context";
import { messageSchema } from "@/server/runs/start-run-input";
import { changeQueued } from "./change-queued";

export const editMessageInputSchema = z.strictObject({
  messageId: messageIdSchema,
  text: messageSchema,
});

/**
 * Gives a queued message other words.
 * @throws NotFound; Conflict when the agent was given it already; BadInput.
 */
export async function editMessage(
  context: VerbContext,
  input: z.input<typeof editMessageInputSchema>,
): Promise<MessageView> {
  const { messageId, text } = parseInput(editMessageInputSchema, input);
  return context.db.transaction((tx) =>
    changeQueued(context, tx, {
      messageId,
      action: "message.edited",
      set: { text, editedAt: context.now },
      facts: { bytes: utf8Length(text) },
    }),
  );
}
