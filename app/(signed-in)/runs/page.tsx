import type { Metadata } from "next";
import { pagesOf } from "@/components/live/pages-of";
import { type RunFilters, readFilters, toListInput } from "@/components/runs/run-filters";
import { RunList } from "@/components/runs/run-list";
import { PageHeader } from "@/components/ui/page-header";
import { Hydrated } from "../../hydrated";
import { caller, getQueryClient, trpc } from "../../trpc-server";

export const metadata: Metadata = { title: "Runs" };

export default async function RunsPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[]>>;
}) {
  const input = toListInput(readSearch(await searchParams));
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
      <RunList />
    </Hydrated>
  );
}

function readSearch(search: Record<string, string | string[]>): RunFilters {
  return readFilters(
    new URLSearchParams(Object.entries(search).map(([name, value]) => [name, String(value)])),
  );
}
