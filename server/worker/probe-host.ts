import { probeAgents } from "@/server/agents/find-agent";
import type { IsolationFacts } from "@/server/agents/probe-isolation";
import { productVersion } from "@/server/domain/version";
import type { WorkerFacts } from "@/server/domain/worker";

/** What this host offers: agents that can be run, and how well they can be kept apart. */
export async function probeHost(isolation: IsolationFacts): Promise<WorkerFacts> {
  return {
    version: productVersion,
    isolation: isolation.isolation,
    isolationWhy: isolation.why,
    agents: await probeAgents(),
  };
}
