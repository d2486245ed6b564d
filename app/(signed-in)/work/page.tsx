import type { Metadata } from "next";
import { pagesOf } from "@/components/live/pages-of";
import { readWorkFilters, toWorkInput } from "@/components/work/work-filters";
import { WorkList } from "@/components/work/work-list";
import { Hydrated } from "../../hydrated";
import { caller, getQueryClient, trpc } from "../../trpc-server";

export const metadata: Metadata = { title: "Work" };

export default async function WorkPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[]>>;
}) {
  const search = Object.entries(await searchParams).map(([name, value]) => [name, String(value)]);
  const input = toWorkInput(readWorkFilters(new URLSearchParams(search)));
  const queryClient = getQueryClient();
  await Promise.all([
    queryClient.prefetchInfiniteQuery(
      pagesOf(trpc.work.list.infiniteQueryKey(input), (cursor) =>
        caller.work.list({ ...input, cursor }),
      ),
    ),
    queryClient.prefetchQuery(trpc.workflows.list.queryOptions({})),
    queryClient.prefetchQuery(trpc.repositories.list.queryOptions({})),
  ]);
  return (
    <Hydrated>
      <WorkList />
    </Hydrated>
  );
}
