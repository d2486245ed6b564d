import type { Metadata } from "next";
import { AgentsPage } from "@/components/agents/agents-page";
import { Hydrated } from "../../hydrated";
import { getQueryClient, trpc } from "../../trpc-server";

export const metadata: Metadata = { title: "Agents" };

export default async function Agents() {
  await getQueryClient().prefetchQuery(trpc.agents.list.queryOptions());
  return (
    <Hydrated>
      <AgentsPage />
    </Hydrated>
  );
}
