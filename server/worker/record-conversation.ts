import { randomUUID } from "node:crypto";
import { and, eq, inArray, isNull, or } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { violatedConstraint } from "@/db/errors";
import { agentSessions, runs } from "@/db/schema";
import { Conflict } from "@/server/domain/errors";
import { agentSessionIdSchema, type NativeSessionId } from "@/server/domain/ids";
import { AttemptFailed } from "./attempt-failed";
import type { Hold } from "./context";
import type { Work } from "./load-work";

/**
 * Writes down the name that the agent gave the conversation. A name from an earlier attempt of this run
 * whose conversation never came to be gives way; one that an earlier run worked under does not.
 * @throws Conflict when another name was written meanwhile; AttemptFailed (`session_id_changed`) when
 *   another session has that name.
 */
export async function recordConversation(
  tx: Transaction,
  hold: Hold,
  { agentSession }: Work,
  nativeId: NativeSessionId,
): Promise<void> {
  const before = agentSession.nativeId;
  if (before === nativeId) return;
  // An ACP agent that cannot go on begins another conversation; the earlier runs keep theirs.
  if (before !== null && agentSession.agent === "acp") {
    return beginAnother(tx, hold, agentSession, nativeId);
  }
  if (before !== null) {
    await tx.update(runs).set({ agentNativeId: null }).where(eq(runs.id, hold.runId));
  }
  const [named] = await refusingTaken(() =>
    tx
      .update(agentSessions)
      .set({ nativeId })
      .where(
        and(
          eq(agentSessions.id, agentSession.id),
          or(
            inArray(agentSessions.nativeId, before === null ? [nativeId] : [nativeId, before]),
            ...(before === null ? [isNull(agentSessions.nativeId)] : []),
          ),
        ),
      )
      .returning({ id: agentSessions.id }),
  );
  if (named) return;
  throw new Conflict("The agent session was given another name meanwhile.", {
    facts: { agentSessionId: agentSession.id, nativeId },
  });
}

/** From here on the session's runs go on in this one. */
async function beginAnother(
  tx: Transaction,
  hold: Hold,
  { sessionId, agent }: Work["agentSession"],
  nativeId: NativeSessionId,
): Promise<void> {
  const id = agentSessionIdSchema.parse(randomUUID());
  await refusingTaken(() => tx.insert(agentSessions).values({ id, sessionId, agent, nativeId }));
  await tx
    .update(runs)
    .set({ agentSessionId: id, agentNativeId: null })
    .where(eq(runs.id, hold.runId));
}

async function refusingTaken<Rows>(update: () => PromiseLike<Rows>): Promise<Rows> {
  try {
    return await update();
  } catch (error) {
    if (violatedConstraint(error) !== "agent_sessions_native") throw error;
    const what = "The agent gave its conversation a name that another session's conversation has.";
    throw new AttemptFailed("session_id_changed", what, error);
  }
}
