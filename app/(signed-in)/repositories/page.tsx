import type { Metadata } from "next";
import { RepositoryList } from "@/components/repositories/repository-list";
import { Hydrated } from "../../hydrated";
import { getQueryClient, trpc } from "../../trpc-server";

export const metadata: Metadata = { title: "Repositories" };

export default async function RepositoriesPage() {
  await getQueryClient().prefetchQuery(trpc.repositories.list.queryOptions({ limit: 200 }));
  return (
    <Hydrated>
      <RepositoryList />
    </Hydrated>
  );
}
