import { and, eq, ne } from "drizzle-orm";
import { runs } from "@/db/schema";
import { mayResumeAcp } from "@/server/agents/acp-agents";
import { hasConversation } from "@/server/agents/agent-home";
import type { AgentDriver } from "@/server/agents/driver";
import { awaitDatabase } from "./await-database";
import type { Hold, WorkerContext } from "./context";
import type { Work } from "./load-work";

/**
 * Whether the agent goes on with a conversation that it has: then it is resumed, else begun. One that
 * the agent named and an earlier run worked in is gone on with even where it is lost: the agent then
 * says so, and no other takes its place in silence.
 */
export async function findConversation(
  context: WorkerContext,
  hold: Hold,
  { run, attempt, agentSession, definition }: Work,
  { driver, homePath }: { driver: AgentDriver; homePath: string },
): Promise<boolean> {
  const { nativeId } = agentSession;
  if (attempt.isResume !== null) return attempt.isResume;
  if (nativeId === null) return false;
  if (run.agent === "acp" && !mayResumeAcp(definition.command ?? null)) return false;
  if (hasConversation(homePath, nativeId, run.agent)) return true;
  if (!driver.greet) return false;
  const earlier = await awaitDatabase(context, hold, () =>
    context.db
      .select({ id: runs.id })
      .from(runs)
      .where(
        and(
          eq(runs.agentSessionId, agentSession.id),
          eq(runs.agentNativeId, nativeId),
          ne(runs.id, run.id),
        ),
      )
      .limit(1),
  );
  return earlier.length > 0;
}
