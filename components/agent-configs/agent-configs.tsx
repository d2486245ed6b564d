"use client";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useTRPC } from "@/components/live/trpc";
import { useMember } from "@/components/shell/member";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { Section } from "@/components/ui/section";
import { Select } from "@/components/ui/select";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { AgentConfigPolicy } from "@/server/domain/agent-config";
import { AgentConfigItem } from "./agent-config-item";
import { useKeep } from "./use-keep";

/** What a repository brings along for agents, and which of it may take effect. */
export function AgentConfigs({ repository }: { repository: string }) {
  const trpc = useTRPC();
  const { mayOperate } = useMember();
  const input = { name: repository };
  const query = useQuery(trpc.agentConfig.get.queryOptions(input));
  const keep = useKeep(repository);
  const look = useMutation(trpc.agentConfig.look.mutationOptions(keep));
  const lookNow = mayOperate && (
    <Button size="small" disabled={look.isPending} onClick={() => look.mutate(input)}>
      {look.isPending ? "Looking…" : "Look now"}
    </Button>
  );
  return (
    <div id="agent-configuration" className="scroll-mt-4">
      <Section title="Agent configuration of the repository" aside={lookNow || undefined}>
        {query.data ? (
          <>
            <Policy repository={repository} policy={query.data.policy} />
            {query.data.items.length === 0 ? (
              <EmptyState title="None was found yet.">
                Files like .claude/settings.json, .mcp.json or .codex/config.toml can start programs
                with an agent. They take effect only once somebody has read and approved them, and
                again after each change.
              </EmptyState>
            ) : (
              <ul>
                {query.data.items.map((config) => (
                  <AgentConfigItem key={config.id} repository={repository} config={config} />
                ))}
              </ul>
            )}
          </>
        ) : query.isError ? (
          <ErrorState error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <SkeletonRows rows={2} label="Loading the agent configuration" />
        )}
      </Section>
    </div>
  );
}

function Policy({ repository, policy }: { repository: string; policy: AgentConfigPolicy }) {
  const trpc = useTRPC();
  const { isAdmin } = useMember();
  const set = useMutation(trpc.agentConfig.setPolicy.mutationOptions(useKeep(repository)));
  const words = {
    without: "work without it",
    refuse: "do not start",
  } as const satisfies Record<AgentConfigPolicy, string>;
  return (
    <div className="flex flex-wrap items-center gap-2 border-b px-4 py-2">
      <label htmlFor="agent-config-policy">While it is not approved, runs</label>
      {isAdmin ? (
        <Select
          id="agent-config-policy"
          className="w-44"
          value={policy}
          disabled={set.isPending}
          onChange={(event) =>
            set.mutate({ name: repository, policy: event.target.value as AgentConfigPolicy })
          }
        >
          {Object.entries(words).map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </Select>
      ) : (
        <span className="font-medium">{words[policy]}</span>
      )}
      <span className="text-xs text-quiet">
        An ACP agent cannot leave it out: its runs do not start.
      </span>
    </div>
  );
}
