"use client";
import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "@/components/live/trpc";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { PageHeader } from "@/components/ui/page-header";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { AgentProgramView } from "@/server/domain/agent-program";
import { AgentHost } from "./agent-host";

export function AgentsPage() {
  const trpc = useTRPC();
  const agents = useQuery(
    // What a worker sees on its host is no event, so it wakes nobody.
    trpc.agents.list.queryOptions(undefined, { refetchInterval: 15_000 }),
  );
  return (
    <>
      <PageHeader title="Agents" />
      {agents.data ? (
        <AgentHosts agents={agents.data.items} />
      ) : agents.isError ? (
        <ErrorState error={agents.error} onRetry={() => void agents.refetch()} />
      ) : (
        <SkeletonRows rows={6} label="Loading the agents" />
      )}
    </>
  );
}

function AgentHosts({ agents }: { agents: AgentProgramView[] }) {
  const hosts = new Map<string, AgentProgramView[]>();
  for (const agent of agents) {
    hosts.set(agent.worker, [...(hosts.get(agent.worker) ?? []), agent]);
  }
  if (hosts.size === 0) {
    return (
      <EmptyState title="No worker has been seen yet.">
        A worker looks for agents on its host when it starts, and every minute.{" "}
        <code className="font-mono">npm start</code> starts one.
      </EmptyState>
    );
  }
  return (
    <>
      {[...hosts].map(([worker, ofHost]) => (
        <AgentHost key={worker} worker={worker} agents={ofHost} />
      ))}
      <p className="px-4 py-3 text-xs text-faint">
        Whether an account is signed in is told by its files and variables, without asking anybody:
        only a run proves that a login is good.
      </p>
    </>
  );
}
