"use client";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useState } from "react";
import { gatherWakes } from "@/components/live/gather-wakes";
import { useLive } from "@/components/live/live-provider";
import { pagesOf } from "@/components/live/pages-of";
import { useTRPC, useTRPCClient } from "@/components/live/trpc";
import type { RunSummary } from "@/server/domain/run-view";
import { type RunFilters, toListInput } from "./run-filters";
import { loadedRuns, type RunPage, type RunPages, syncRunList } from "./sync-run-list";

/**
 * The pages of the run list that have been loaded. Rows change in place when their run does; new
 * runs wait in `fresh` until `showFresh` is called, so that nothing moves under the reader.
 */
export function useRunList(filters: RunFilters) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const live = useLive();
  const queryClient = useQueryClient();
  const [newest, setNewest] = useState<RunPage | null>(null);
  const filterKey = JSON.stringify(toListInput(filters));
  const input = useMemo(() => JSON.parse(filterKey) as ReturnType<typeof toListInput>, [filterKey]);
  const key = useMemo(() => trpc.runs.list.infiniteQueryKey(input), [trpc, input]);
  const list = useInfiniteQuery({
    ...pagesOf<RunSummary>(key, (cursor) => client.runs.list.query({ ...input, cursor })),
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    meta: { isStill: true },
  });

  useEffect(() => {
    let isLeft = false;
    setNewest(null);
    const stop = gatherWakes(live, (runIds) => {
      syncRunList(queryClient, trpc, input, runIds).then(
        (page) => !isLeft && setNewest(page),
        // Not lost: the next wake or the next return to the tab does it again.
        (error: unknown) => console.warn("The run list was not refreshed.", error),
      );
    });
    return () => {
      isLeft = true;
      stop();
    };
  }, [live, queryClient, trpc, input]);

  const runs = useMemo(() => loadedRuns(list.data as RunPages | undefined), [list.data]);
  const fresh = useMemo(() => findFresh(newest, runs), [newest, runs]);
  const showFresh = useCallback(() => {
    if (!newest) return;
    queryClient.setQueryData<RunPages>(key as readonly unknown[], {
      pages: [newest],
      pageParams: [null],
    });
    window.scrollTo({ top: 0 });
  }, [newest, queryClient, key]);

  // With nothing on the page nothing can move.
  const isEmpty = list.isSuccess && runs.length === 0;
  useEffect(() => {
    if (isEmpty && fresh.length > 0) showFresh();
  }, [isEmpty, fresh.length, showFresh]);

  return { list, runs, fresh, showFresh };
}

function findFresh(newest: RunPage | null, runs: RunSummary[]): RunSummary[] {
  const lastSeen = runs[0]?.number ?? 0;
  return newest?.items.filter((run) => run.number > lastSeen) ?? [];
}
