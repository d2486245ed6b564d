import { desc, eq } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { messages, questions, runs } from "@/db/schema";
import { type Actor, mayAct } from "@/server/domain/actor";
import { type ConversationView, nextMessageTool, steeringOf } from "@/server/domain/conversation";
import { NotFound } from "@/server/domain/errors";
import type { RunId } from "@/server/domain/ids";
import { limits } from "@/server/domain/limits";
import { findInterruptRefusal, findSteerRefusal } from "@/server/domain/steering";
import { toMessageView } from "./read-message";
import { toQuestionView } from "./to-question-view";

/**
 * What was said to a run's agent and what it asked, oldest first and the newest 200 of each, and what
 * this actor may do.
 * @throws NotFound
 */
export async function readConversation(
  db: Executor,
  { runId }: { runId: RunId },
  actor: Actor,
): Promise<ConversationView> {
  const [run] = await db.select().from(runs).where(eq(runs.id, runId));
  if (!run) throw new NotFound("run", runId);
  const said = await db
    .select()
    .from(messages)
    .where(eq(messages.runId, runId))
    .orderBy(desc(messages.position))
    .limit(limits.maxPageSize);
  const asked = await db
    .select()
    .from(questions)
    .where(eq(questions.runId, runId))
    .orderBy(desc(questions.askedAt), desc(questions.id))
    .limit(limits.maxPageSize);
  const facts = { ...run, isCancelAsked: run.cancelAskedAt !== null };
  const isOperator = mayAct(actor, "operator");
  const isPaused = asked.some(({ state, tool }) => state === "open" && tool === nextMessageTool);
  return {
    messages: said.reverse().map(toMessageView),
    questions: asked.reverse().map(toQuestionView),
    steering: steeringOf[run.agent],
    maySteer: isOperator && findSteerRefusal(facts) === null,
    mayInterrupt: isOperator && !isPaused && findInterruptRefusal(facts) === null,
  };
}
