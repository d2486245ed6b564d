import type { Metadata } from "next";
import { pagesOf } from "@/components/live/pages-of";
import { WorkspaceList } from "@/components/workspaces/workspace-list";
import { Hydrated } from "../../hydrated";
import { caller, getQueryClient, trpc } from "../../trpc-server";

export const metadata: Metadata = { title: "Workspaces" };

export default async function WorkspacesPage() {
  const input = { state: undefined, limit: 50 };
  await getQueryClient().prefetchInfiniteQuery(
    pagesOf(trpc.workspaces.list.infiniteQueryKey(input), (cursor) =>
      caller.workspaces.list({ ...input, cursor }),
    ),
  );
  return (
    <Hydrated>
      <WorkspaceList />
    </Hydrated>
  );
}
