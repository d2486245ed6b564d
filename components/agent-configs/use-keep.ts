"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useTRPC } from "@/components/live/trpc";
import { notify } from "@/components/ui/notify";
import type { AgentConfigsView } from "@/server/domain/agent-config";

/** What becomes of an act on a repository's agent configurations: each answers with all of them. */
export function useKeep(repository: string) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const queryKey = trpc.agentConfig.get.queryKey({ name: repository });
  return {
    onSuccess: (view: AgentConfigsView) => {
      queryClient.setQueryData(queryKey, view);
    },
    onError: (error: unknown) => void notify.failure(error),
  };
}
