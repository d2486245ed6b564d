"use client";
import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "@/components/live/trpc";

/** What was said to a run's agent and what it asked; wakes keep it fresh. */
export function useConversation(runId: string) {
  const trpc = useTRPC();
  return useQuery(trpc.conversation.view.queryOptions({ runId }));
}
