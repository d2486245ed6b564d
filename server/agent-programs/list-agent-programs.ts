import { asc, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { workers } from "@/db/schema";
import {
  type AgentProgramView,
  findAgentFixes,
  findSandboxFix,
} from "@/server/domain/agent-program";
import { decideWorkerState, isPresent } from "@/server/domain/worker";

const maxWorkers = 200;

/**
 * Every agent that Coppice knows, on every host, as its worker saw it last. Without `now` the
 * database's own time judges the workers' beats, which it stamps too.
 */
export async function listAgentPrograms(
  db: Executor,
  now?: Date,
): Promise<{ items: AgentProgramView[] }> {
  const rows = await db
    .select({ worker: workers, databaseNow: sql<Date>`now()`.mapWith(workers.startedAt) })
    .from(workers)
    .orderBy(asc(workers.name))
    .limit(maxWorkers);
  return {
    items: rows.flatMap(({ worker, databaseNow }) => describeHost(worker, now ?? databaseNow)),
  };
}

function describeHost(worker: typeof workers.$inferSelect, now: Date): AgentProgramView[] {
  const { agents, isolation, isolationWhy } = worker.facts;
  const host = {
    worker: worker.name,
    host: worker.host,
    isAlive: isPresent(decideWorkerState({ ...worker, held: 0 }, now)),
    seenAt: worker.heartbeatAt,
    ...{ isolation, isolationWhy },
  };
  return agents.map((agent) => ({
    ...host,
    kind: agent.kind,
    name: agent.name ?? agent.kind,
    label: agent.label ?? agent.kind,
    ...{ program: agent.program, version: agent.version, problem: agent.problem },
    signIn: agent.signIn ?? { state: "unknown" as const, where: null },
    command: agent.command ?? null,
    fixes: [
      ...findAgentFixes(agent),
      ...(agent.kind === "shell" ? [] : findSandboxFix(isolation, isolationWhy)),
    ],
  }));
}
