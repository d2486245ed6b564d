import { and, eq, ne } from "drizzle-orm";
import type { z } from "zod";
import { repositories } from "@/db/schema";
import { recordAudit } from "@/server/audit/record-audit";
import { type AgentConfigsView, agentConfigPolicySchema } from "@/server/domain/agent-config";
import { parseInput } from "@/server/domain/parse-input";
import { getRepositoryInputSchema } from "@/server/repositories/get-repository";
import type { VerbContext } from "@/server/runs/context";
import { getAgentConfigs } from "./get-agent-configs";

export const setAgentConfigPolicyInputSchema = getRepositoryInputSchema.extend({
  policy: agentConfigPolicySchema,
});

/**
 * Says what becomes of a run while its repository's configuration is not approved: it works without,
 * or it does not start.
 * @throws BadInput; NotFound
 */
export async function setAgentConfigPolicy(
  { db, actor, now }: VerbContext,
  input: z.input<typeof setAgentConfigPolicyInputSchema>,
): Promise<AgentConfigsView> {
  const { name, policy } = parseInput(setAgentConfigPolicyInputSchema, input);
  await db.transaction(async (tx) => {
    const changed = await tx
      .update(repositories)
      .set({ agentConfigPolicy: policy })
      .where(and(eq(repositories.name, name), ne(repositories.agentConfigPolicy, policy)))
      .returning({ id: repositories.id });
    if (changed.length === 0) return;
    await recordAudit(tx, {
      ...{ actor, now, facts: { policy } },
      action: "agent_config.policy_set",
      target: `repository:${name}`,
    });
  });
  return getAgentConfigs(db, { name });
}
