import type { Metadata } from "next";
import { Overview } from "@/components/overview/overview";
import { Hydrated } from "../hydrated";
import { getQueryClient, trpc } from "../trpc-server";

export const metadata: Metadata = { title: "Overview" };

export default async function OverviewPage() {
  await getQueryClient().prefetchQuery(trpc.overview.get.queryOptions());
  return (
    <Hydrated>
      <Overview />
    </Hydrated>
  );
}
