"use client";
import { type InfiniteData, useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useState } from "react";
import { gatherWakes } from "@/components/live/gather-wakes";
import { useLive } from "@/components/live/live-provider";
import { pagesOf } from "@/components/live/pages-of";
import { useTRPC, useTRPCClient } from "@/components/live/trpc";
import type { RunSummary } from "@/server/domain/run-view";
import { patchRows } from "./patch-rows";
import { type RunFilters, toListInput } from "./run-filters";

interface Page {
  items: RunSummary[];
  nextCursor: string | null;
}
type Pages = InfiniteData<Page, string | null>;

/**
 * The pages of the run list that have been loaded. Rows change in place when their run does; new
 * runs wait in `fresh` until `showFresh` is called, so that nothing moves under the reader.
 */
export function useRunList(filters: RunFilters) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const live = useLive();
  const queryClient = useQueryClient();
  const [head, setHead] = useState<Page | null>(null);
  const input = toListInput(filters);
  const key = trpc.runs.list.infiniteQueryKey(input);
  const list = useInfiniteQuery({
    ...pagesOf<RunSummary>(key, (cursor) => client.runs.list.query({ ...input, cursor })),
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    meta: { isStill: true },
  });
  const filterKey = JSON.stringify(input);

  const sync = useCallback(
    async (runIds: Set<string> | "all") => {
      const known = JSON.parse(filterKey) as typeof input;
      const key = trpc.runs.list.infiniteQueryKey(known);
      const newest = await queryClient.fetchQuery(
        trpc.runs.list.queryOptions(known, { staleTime: 0 }),
      );
      const rows = loadedRows(queryClient.getQueryData<Pages>(key));
      const inHead = new Set(newest.items.map((run) => run.id));
      const others = rows.filter(
        (run) => !inHead.has(run.id) && (runIds === "all" ? !run.endedAt : runIds.has(run.id)),
      );
      const changed = await Promise.all(
        others.map((run) =>
          queryClient.fetchQuery(trpc.runs.get.queryOptions({ id: run.id }, { staleTime: 0 })),
        ),
      );
      queryClient.setQueryData<Pages>(
        key,
        (data) => data && patchRows(data, newest.items, changed),
      );
      setHead(newest);
    },
    [trpc, queryClient, filterKey],
  );

  useEffect(() => {
    setHead(null);
    return gatherWakes(live, (runIds) => {
      // A failed sync is not lost: the next wake or the next return to the tab does it again.
      sync(runIds).catch((error: unknown) =>
        console.warn("The run list was not refreshed.", error),
      );
    });
  }, [live, sync]);

  const runs = useMemo(() => loadedRows(list.data), [list.data]);
  const fresh = useMemo(() => findFresh(head, runs), [head, runs]);
  const showFresh = useCallback(() => {
    if (!head) return;
    queryClient.setQueryData<Pages>(key, {
      pages: [head],
      pageParams: [null],
    });
    window.scrollTo({ top: 0 });
  }, [head, queryClient, key]);

  // With nothing on the page nothing can move.
  const isEmpty = list.isSuccess && runs.length === 0;
  useEffect(() => {
    if (isEmpty && fresh.length > 0) showFresh();
  }, [isEmpty, fresh.length, showFresh]);

  return { list, runs, fresh, showFresh };
}

function loadedRows(data: Pages | undefined): RunSummary[] {
  return data?.pages.flatMap((page) => page.items) ?? [];
}

function findFresh(head: Page | null, runs: RunSummary[]): RunSummary[] {
  if (!head) return [];
  const newest = runs[0]?.number ?? 0;
  return head.items.filter((run) => run.number > newest);
}
