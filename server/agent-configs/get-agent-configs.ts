import { desc, eq } from "drizzle-orm";
import type { z } from "zod";
import type { Executor } from "@/db/client";
import { agentConfigApprovals, repositories, runs } from "@/db/schema";
import type { AgentConfigsView } from "@/server/domain/agent-config";
import { NotFound } from "@/server/domain/errors";
import { printable } from "@/server/domain/git-names";
import { parseInput } from "@/server/domain/parse-input";
import { getRepositoryInputSchema } from "@/server/repositories/get-repository";

const maxItems = 50;

/**
 * The agent configurations that were found in a repository, newest first, with their files, and what
 * becomes of runs while one is not approved.
 * @throws NotFound
 */
export async function getAgentConfigs(
  db: Executor,
  input: z.input<typeof getRepositoryInputSchema>,
): Promise<AgentConfigsView> {
  const { name } = parseInput(getRepositoryInputSchema, input);
  const [repository] = await db.select().from(repositories).where(eq(repositories.name, name));
  if (!repository) throw new NotFound("repository", printable(name));
  const rows = await db
    .select({ config: agentConfigApprovals, number: runs.number })
    .from(agentConfigApprovals)
    .leftJoin(runs, eq(runs.id, agentConfigApprovals.seenByRun))
    .where(eq(agentConfigApprovals.repositoryId, repository.id))
    .orderBy(desc(agentConfigApprovals.seenAt), desc(agentConfigApprovals.id))
    .limit(maxItems);
  const items = rows.map(({ config, number }) => {
    const { repositoryId: _, seenByRun: id, ...rest } = config;
    return { ...rest, seenByRun: id !== null && number !== null ? { id, number } : null };
  });
  return { policy: repository.agentConfigPolicy, items };
}
