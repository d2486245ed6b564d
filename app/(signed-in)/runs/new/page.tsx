import type { Metadata } from "next";
import { NewRunForm } from "@/components/runs/new-run-form";
import { PageHeader } from "@/components/ui/page-header";
import { Hydrated } from "../../../hydrated";
import { getQueryClient, trpc } from "../../../trpc-server";

export const metadata: Metadata = { title: "New run" };

interface Props {
  searchParams: Promise<{ workflow?: string; repository?: string }>;
}

export default async function NewRunPage({ searchParams }: Props) {
  const { workflow, repository } = await searchParams;
  const queryClient = getQueryClient();
  await Promise.all([
    queryClient.prefetchQuery(trpc.workflows.list.queryOptions({ limit: 200 })),
    queryClient.prefetchQuery(trpc.repositories.list.queryOptions({ limit: 200 })),
  ]);
  return (
    <Hydrated>
      <PageHeader title="New run" />
      <NewRunForm workflow={workflow ?? ""} repository={repository ?? ""} />
    </Hydrated>
  );
}
