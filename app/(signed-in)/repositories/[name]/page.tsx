import type { Metadata } from "next";
import { RepositoryPage } from "@/components/repositories/repository-page";
import { Hydrated } from "../../../hydrated";
import { readRepository } from "../../../read-repository";
import { getQueryClient, trpc } from "../../../trpc-server";

interface Props {
  params: Promise<{ name: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).name) };
}

export default async function RepositoryRoute({ params }: Props) {
  const name = decodeURIComponent((await params).name);
  await readRepository(name);
  await getQueryClient().prefetchQuery(trpc.repositories.settings.queryOptions({ name }));
  return (
    <Hydrated>
      <RepositoryPage name={name} />
    </Hydrated>
  );
}
