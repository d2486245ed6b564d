import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { agentConfigApprovals, repositories } from "@/db/schema";
import { recordAudit } from "@/server/audit/record-audit";
import { nameActor } from "@/server/domain/actor";
import type { AgentConfigsView } from "@/server/domain/agent-config";
import { NotFound } from "@/server/domain/errors";
import { printable } from "@/server/domain/git-names";
import { parseInput } from "@/server/domain/parse-input";
import { getRepositoryInputSchema } from "@/server/repositories/get-repository";
import type { VerbContext } from "@/server/runs/context";
import { getAgentConfigs } from "./get-agent-configs";

export const judgeAgentConfigInputSchema = getRepositoryInputSchema.extend({
  /** Of the files that were read: another content is another configuration. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  isApproved: z.boolean(),
});

/**
 * Lets a configuration of a repository take effect in runs that start from now on, or no more.
 * @throws BadInput; NotFound
 */
export async function judgeAgentConfig(
  { db, actor, now }: VerbContext,
  input: z.input<typeof judgeAgentConfigInputSchema>,
): Promise<AgentConfigsView> {
  const { name, sha256, isApproved } = parseInput(judgeAgentConfigInputSchema, input);
  await db.transaction(async (tx) => {
    const [found] = await tx
      .select({ id: agentConfigApprovals.id, approvedAt: agentConfigApprovals.approvedAt })
      .from(agentConfigApprovals)
      .innerJoin(repositories, eq(repositories.id, agentConfigApprovals.repositoryId))
      .where(and(eq(repositories.name, name), eq(agentConfigApprovals.sha256, sha256)))
      .for("update", { of: agentConfigApprovals });
    if (!found) throw new NotFound("agent configuration of this repository", printable(sha256));
    if ((found.approvedAt !== null) === isApproved) return;
    await tx
      .update(agentConfigApprovals)
      .set({
        approvedAt: isApproved ? now : null,
        approvedBy: isApproved ? nameActor(actor) : null,
      })
      .where(eq(agentConfigApprovals.id, found.id));
    await recordAudit(tx, {
      actor,
      action: isApproved ? "agent_config.approved" : "agent_config.revoked",
      target: `repository:${name}`,
      facts: { sha256 },
      now,
    });
  });
  return getAgentConfigs(db, { name });
}
