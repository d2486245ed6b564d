import type { Metadata } from "next";
import { CleanupPage } from "@/components/cleanup/cleanup-page";
import { Hydrated } from "../../hydrated";
import { getQueryClient, trpc } from "../../trpc-server";

export const metadata: Metadata = { title: "Cleanup" };

export default async function CleanupRoute() {
  const client = getQueryClient();
  await Promise.all([
    client.prefetchQuery(trpc.cleanup.disks.queryOptions()),
    client.prefetchQuery(trpc.cleanup.list.queryOptions({ limit: 20 })),
    client.prefetchQuery(trpc.cleanup.settings.queryOptions()),
    client.prefetchQuery(trpc.cleanup.policies.queryOptions()),
  ]);
  return (
    <Hydrated>
      <CleanupPage />
    </Hydrated>
  );
}
