import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { z } from "zod";
import type { Executor, Transaction } from "@/db/client";
import { violatedConstraint } from "@/db/errors";
import { messages } from "@/db/schema";
import { recordAudit } from "@/server/audit/record-audit";
import { nameActor } from "@/server/domain/actor";
import type { MessageView } from "@/server/domain/conversation";
import { Conflict } from "@/server/domain/errors";
import { messageIdSchema, type RunId, runIdSchema } from "@/server/domain/ids";
import { utf8Length } from "@/server/domain/limits";
import { parseInput } from "@/server/domain/parse-input";
import { findSteerRefusal } from "@/server/domain/steering";
import type { VerbContext } from "@/server/runs/context";
import { messageSchema } from "@/server/runs/start-run-input";
import { insertMessage } from "./insert-message";
import { lockRun } from "./lock-run";
import { readMessage, toMessageView } from "./read-message";

export const steerRunInputSchema = z.strictObject({
  runId: runIdSchema,
  text: messageSchema,
  idempotencyKey: z.string().min(1).max(200).nullish(),
});
type Steer = z.infer<typeof steerRunInputSchema>;

/**
 * Sends a message to a run's agent. It is queued, also while the agent is not up yet, and handed over
 * when the agent can take it; its state tells. The same idempotency key gives back the first message.
 * @throws NotFound; Conflict when the run has ended or the key was used for another message;
 *   Unprocessable when its agent reads none; BadInput.
 */
export async function steerRun(
  context: VerbContext,
  input: z.input<typeof steerRunInputSchema>,
): Promise<MessageView> {
  const steer = parseInput(steerRunInputSchema, input);
  const repeated = await findRepeated(context.db, steer);
  if (repeated) return repeated;
  try {
    return await context.db.transaction((tx) => send(context, tx, steer));
  } catch (error) {
    if (violatedConstraint(error) !== "messages_idempotency_key") throw error;
    const first = await findRepeated(context.db, steer);
    if (!first) throw error;
    return first;
  }
}

async function send(
  { actor, now }: VerbContext,
  tx: Transaction,
  { runId, text, idempotencyKey }: Steer,
): Promise<MessageView> {
  const run = await lockRun(tx, runId, findSteerRefusal);
  const id = messageIdSchema.parse(randomUUID());
  await recordAudit(tx, {
    actor,
    action: "run.steered",
    target: `run:${runId}`,
    facts: { messageId: id, bytes: utf8Length(text), status: run.status },
    now,
  });
  await insertMessage(tx, { id, runId, text, by: nameActor(actor), now, idempotencyKey });
  return readMessage(tx, id);
}

async function findRepeated(
  db: Executor,
  { runId, text, idempotencyKey }: Steer,
): Promise<MessageView | null> {
  if (!idempotencyKey) return null;
  const [first] = await db
    .select()
    .from(messages)
    .where(eq(messages.idempotencyKey, idempotencyKey));
  if (!first) return null;
  if (isSameWish(first, runId, text)) return toMessageView(first);
  throw new Conflict("This idempotency key was used for another message.", {
    facts: { messageId: first.id, runId: first.runId },
    hint: "Give each message a key of its own.",
  });
}

/** One that was edited since is still the first. */
function isSameWish(first: typeof messages.$inferSelect, runId: RunId, text: string): boolean {
  return first.runId === runId && (first.text === text || first.editedAt !== null);
}
