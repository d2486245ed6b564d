import type { Metadata } from "next";
import { Overview } from "@/components/overview/overview";
import { Hydrated } from "../hydrated";
import { getQueryClient, trpc } from "../trpc-server";

export const metadata: Metadata = { title: "Overview" };

export default async function OverviewPage() {
  const queryClient = getQueryClient();
  await Promise.all([
    queryClient.prefetchQuery(trpc.overview.get.queryOptions()),
    queryClient.prefetchQuery(trpc.conversation.waiting.queryOptions({})),
  ]);
  return (
    <Hydrated>
      <Overview />
    </Hydrated>
  );
}
