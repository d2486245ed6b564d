"use client";
import { useQueries } from "@tanstack/react-query";
import { useTRPC } from "@/components/live/trpc";
import type { Due } from "@/server/domain/cleanup-views";

/** What retention means for the workspaces of each page that is shown, by their ids. */
export function useDues(pages: readonly string[][]): ReadonlyMap<string, Due> {
  const trpc = useTRPC();
  return useQueries({
    queries: pages.map((ids) => trpc.cleanup.dues.queryOptions({ ids })),
    combine: mapById,
  });
}

function mapById(results: { data: { items: Due[] } | undefined }[]): ReadonlyMap<string, Due> {
  const items = results.flatMap(({ data }) => data?.items ?? []);
  return new Map(items.map((due) => [due.workspaceId, due]));
}
