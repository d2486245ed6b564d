import { asc, eq } from "drizzle-orm";
import { z } from "zod";
import type { Executor } from "@/db/client";
import { agentSessions, repositories, runs, sessions } from "@/db/schema";
import type { Actor } from "@/server/domain/actor";
import { NotFound } from "@/server/domain/errors";
import { type SessionId, sessionIdSchema } from "@/server/domain/ids";
import { limits } from "@/server/domain/limits";
import { parseInput } from "@/server/domain/parse-input";
import { runSummarySchema } from "@/server/domain/run-view";
import { agentKindSchema } from "@/server/domain/workflow";
import { readRunSummaries } from "@/server/runs/read-run-summaries";

export const getSessionInputSchema = z.strictObject({ id: sessionIdSchema });

export const sessionViewSchema = z.object({
  id: z.string(),
  repository: z.object({ name: z.string() }),
  workspaceId: z.string(),
  branch: z.string(),
  title: z.string(),
  createdBy: z.string(),
  createdAt: z.date(),
  agentSessions: z.array(z.object({ agent: agentKindSchema, nativeId: z.string().nullable() })),
  /** Newest first, at most 200. */
  runs: z.array(runSummarySchema),
});
export type SessionView = z.infer<typeof sessionViewSchema>;

/**
 * A conversation with its runs and the agents' own conversations in it.
 * @throws NotFound
 */
export async function getSession(
  db: Executor,
  input: z.input<typeof getSessionInputSchema>,
  actor: Actor,
): Promise<SessionView> {
  const { id } = parseInput(getSessionInputSchema, input);
  const session = await loadSession(db, id);
  const ofAgents = await db
    .select({ agent: agentSessions.agent, nativeId: agentSessions.nativeId })
    .from(agentSessions)
    .where(eq(agentSessions.sessionId, id))
    .orderBy(asc(agentSessions.createdAt));
  const ofSession = await readRunSummaries(db, actor, {
    where: eq(runs.sessionId, id),
    limit: limits.maxPageSize,
  });
  return { ...session, agentSessions: ofAgents, runs: ofSession };
}

async function loadSession(db: Executor, id: SessionId) {
  const [session] = await db
    .select({
      id: sessions.id,
      repository: { name: repositories.name },
      workspaceId: sessions.workspaceId,
      branch: sessions.branch,
      title: sessions.title,
      createdBy: sessions.createdBy,
      createdAt: sessions.createdAt,
    })
    .from(sessions)
    .innerJoin(repositories, eq(repositories.id, sessions.repositoryId))
    .where(eq(sessions.id, id));
  if (!session) throw new NotFound("session", id);
  return session;
}
