import type { Metadata } from "next";
import { WorkflowPage } from "@/components/workflows/workflow-page";
import { Hydrated } from "../../../hydrated";
import { readWorkflow } from "../../../read-workflow";
import { getQueryClient, trpc } from "../../../trpc-server";

interface Props {
  params: Promise<{ name: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).name) };
}

export default async function WorkflowRoute({ params }: Props) {
  const name = decodeURIComponent((await params).name);
  await readWorkflow(name);
  await getQueryClient().prefetchQuery(trpc.workflows.versions.queryOptions({ name, limit: 100 }));
  return (
    <Hydrated>
      <WorkflowPage name={name} />
    </Hydrated>
  );
}
