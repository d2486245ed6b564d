import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import type { TRPCOptionsProxy } from "@trpc/tanstack-react-query";
import type { AppRouter } from "@/server/api/router";
import type { RunSummary } from "@/server/domain/run-view";
import { patchRows } from "./patch-rows";
import type { toListInput } from "./run-filters";

export interface RunPage {
  items: RunSummary[];
  nextCursor: string | null;
}
export type RunPages = InfiniteData<RunPage, string | null>;

/**
 * Reads the list's newest page and those of the woken runs that lie deeper, and puts what changed
 * into the loaded rows. Gives back the newest page, in which new runs may stand.
 */
export async function syncRunList(
  queryClient: QueryClient,
  trpc: TRPCOptionsProxy<AppRouter>,
  input: ReturnType<typeof toListInput>,
  runIds: Set<string> | "all",
): Promise<RunPage> {
  const key = trpc.runs.list.infiniteQueryKey(input);
  const newest = await queryClient.fetchQuery(trpc.runs.list.queryOptions(input, { staleTime: 0 }));
  const inNewest = new Set(newest.items.map((run) => run.id));
  const deeper = loadedRuns(queryClient.getQueryData<RunPages>(key)).filter(
    (run) => !inNewest.has(run.id) && (runIds === "all" ? !run.endedAt : runIds.has(run.id)),
  );
  const changed = await Promise.all(
    deeper.map((run) =>
      queryClient.fetchQuery(trpc.runs.get.queryOptions({ id: run.id }, { staleTime: 0 })),
    ),
  );
  queryClient.setQueryData<RunPages>(key, (data) => data && patchRows(data, newest.items, changed));
  return newest;
}

export function loadedRuns(data: RunPages | undefined): RunSummary[] {
  return data?.pages.flatMap((page) => page.items) ?? [];
}
