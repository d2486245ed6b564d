import type { Metadata } from "next";
import { readUsageFilters } from "@/components/usage/usage-filters";
import { UsagePage } from "@/components/usage/usage-page";
import { Hydrated } from "../../hydrated";
import { getQueryClient, trpc } from "../../trpc-server";

export const metadata: Metadata = { title: "Usage" };

export default async function Page({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[]>>;
}) {
  const now = new Date();
  const search = Object.entries(await searchParams).map(([name, value]) => [name, String(value)]);
  const filters = readUsageFilters(new URLSearchParams(search), now);
  await getQueryClient().prefetchQuery(trpc.usage.read.queryOptions(filters));
  return (
    <Hydrated>
      <UsagePage now={now} />
    </Hydrated>
  );
}
