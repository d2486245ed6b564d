import type { Metadata } from "next";
import { WorkerPage } from "@/components/workers/worker-page";
import { Hydrated } from "../../hydrated";
import { getQueryClient, trpc } from "../../trpc-server";

export const metadata: Metadata = { title: "Workers" };

export default async function WorkersPage() {
  await getQueryClient().prefetchQuery(trpc.workers.list.queryOptions());
  return (
    <Hydrated>
      <WorkerPage />
    </Hydrated>
  );
}
