"use client";
import { useQuery } from "@tanstack/react-query";
import { useTRPCClient } from "@/components/live/trpc";
import type { AskedKind, MergeMethod } from "@/server/domain/delivery";

export interface DeliveryChoice {
  kind: AskedKind;
  method: MergeMethod | null;
  /** Empty: the usual branch. */
  target: string;
}

/** What a choice would do as the origin stands now; asked of the run's host, so it may take a moment. */
export function usePreview(runId: string, { kind, method, target }: DeliveryChoice) {
  const client = useTRPCClient();
  const wish = { id: runId, kind, method, target: target.trim() || null };
  return useQuery({
    queryKey: ["delivery-preview", wish],
    queryFn: () => client.deliveries.preview.mutate(wish),
    staleTime: 0,
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
  });
}
