import type { Metadata } from "next";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import type { SearchParams } from "nuqs/server";
import { createLoader } from "nuqs/server";
import { pagesOf } from "@/components/live/pages-of";
import { runFilters, toListInput } from "@/components/runs/run-filters";
import { RunList } from "@/components/runs/run-list";
import { PageHeader } from "@/components/ui/page-header";
import { Hydrated } from "../../hydrated";
import { caller, getQueryClient, trpc } from "../../trpc-server";

export const metadata: Metadata = { title: "Runs" };

const loadFilters = createLoader(runFilters);

export default async function RunsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const input = toListInput(await loadFilters(searchParams));
  const queryClient = getQueryClient();
  await Promise.all([
    queryClient.prefetchInfiniteQuery(
      pagesOf(trpc.runs.list.infiniteQueryKey(input), (cursor) =>
        caller.runs.list({ ...input, cursor }),
      ),
    ),
    queryClient.prefetchQuery(trpc.runs.counts.queryOptions()),
    queryClient.prefetchQuery(trpc.workflows.list.queryOptions({})),
    queryClient.prefetchQuery(trpc.repositories.list.queryOptions({})),
  ]);
  return (
    <Hydrated>
      <PageHeader title="Runs" />
      <NuqsAdapter>
        <RunList />
      </NuqsAdapter>
    </Hydrated>
  );
}
