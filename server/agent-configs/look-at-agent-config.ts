import { eq } from "drizzle-orm";
import type { z } from "zod";
import { repositories } from "@/db/schema";
import type { AgentConfigsView } from "@/server/domain/agent-config";
import { NotFound } from "@/server/domain/errors";
import { printable } from "@/server/domain/git-names";
import { parseInput } from "@/server/domain/parse-input";
import { askHost } from "@/server/host-requests/ask-host";
import { getRepositoryInputSchema } from "@/server/repositories/get-repository";
import type { VerbContext } from "@/server/runs/context";
import { getAgentConfigs } from "./get-agent-configs";

/**
 * Has a worker read the configuration at the head of the default branch, so that it can be approved
 * before the first run.
 * @throws NotFound; Unavailable without a worker; what git says of the origin.
 */
export async function lookAtAgentConfig(
  context: VerbContext,
  input: z.input<typeof getRepositoryInputSchema>,
): Promise<AgentConfigsView> {
  const { name } = parseInput(getRepositoryInputSchema, input);
  const [repository] = await context.db
    .select({ id: repositories.id, workerId: repositories.workerId })
    .from(repositories)
    .where(eq(repositories.name, name));
  if (!repository) throw new NotFound("repository", printable(name));
  await askHost(context, {
    kind: "look_at_config",
    input: { repositoryId: repository.id },
    workerId: repository.workerId,
  });
  return getAgentConfigs(context.db, { name });
}
