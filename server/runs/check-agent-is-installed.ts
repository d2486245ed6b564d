import { and, gt, isNull } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { workers } from "@/db/schema";
import { Unprocessable } from "@/server/domain/errors";
import { splitCommand } from "@/server/domain/split-command";
import { canRunAgent, workerAwaySeconds } from "@/server/domain/worker";
import { drivenAgents, type WorkflowDefinition } from "@/server/domain/workflow";

/**
 * Refuses a run whose agent no living worker has. With no worker alive the run may queue: which
 * agents the next one has is not known.
 * @throws Unprocessable with how to install it.
 */
export async function checkAgentIsInstalled(
  tx: Transaction,
  { agent, command }: Pick<WorkflowDefinition, "agent" | "command">,
  now: Date,
): Promise<void> {
  if (!drivenAgents.includes(agent)) {
    throw new Unprocessable(`This version cannot drive the agent “${agent}” yet.`, {
      hint: `Choose a workflow of ${drivenAgents.join(" or ")}.`,
      facts: { agent },
    });
  }
  const aliveSince = new Date(now.getTime() - workerAwaySeconds * 1000);
  const alive = await tx
    .select({ facts: workers.facts })
    .from(workers)
    .where(and(isNull(workers.stoppedAt), gt(workers.heartbeatAt, aliveSince)));
  if (alive.length === 0) return;
  const program = agent === "acp" ? (splitCommand(command ?? "")[0] ?? null) : null;
  if (alive.some(({ facts }) => canRunAgent(facts.agents, agent, program))) return;
  const found = alive.flatMap(({ facts }) => facts.agents.filter(({ kind }) => kind === agent));
  const first = found.find(({ name }) => program === null || name === program);
  throw new Unprocessable(
    `No worker can run the agent “${program ?? agent}”: ${first?.problem ?? "this version does not know it"}.`,
    { hint: first?.howToInstall ?? "Choose a workflow of another agent.", facts: { agent } },
  );
}
