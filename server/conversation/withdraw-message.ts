import { z } from "zod";
import type { MessageView } from "@/server/domain/conversation";
import { messageIdSchema } from "@/server/domain/ids";
import { parseInput } from "@/server/domain/parse-input";
import type { VerbContext } from "@/server/runs/context";
import { changeQueued } from "./change-queued";

export const withdrawMessageInputSchema = z.strictObject({ messageId: messageIdSchema });

/**
 * Takes a queued message back: the agent never gets it.
 * @throws NotFound; Conflict when the agent was given it already.
 */
export async function withdrawMessage(
  context: VerbContext,
  input: z.input<typeof withdrawMessageInputSchema>,
): Promise<MessageView> {
  const { messageId } = parseInput(withdrawMessageInputSchema, input);
  return context.db.transaction((tx) =>
    changeQueued(context, tx, {
      messageId,
      action: "message.withdrawn",
      set: { state: "withdrawn", endedAt: context.now },
      facts: {},
    }),
  );
}
