import type { Metadata } from "next";
import { WorkflowList } from "@/components/workflows/workflow-list";
import { Hydrated } from "../../hydrated";
import { getQueryClient, trpc } from "../../trpc-server";

export const metadata: Metadata = { title: "Workflows" };

export default async function WorkflowsPage() {
  await getQueryClient().prefetchQuery(trpc.workflows.list.queryOptions({ limit: 200 }));
  return (
    <Hydrated>
      <WorkflowList />
    </Hydrated>
  );
}
