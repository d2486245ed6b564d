"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { pagesOf } from "@/components/live/pages-of";
import { useTRPC, useTRPCClient } from "@/components/live/trpc";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { LoadMore } from "@/components/ui/load-more";
import { PageHeader } from "@/components/ui/page-header";
import { Select } from "@/components/ui/select";
import { SkeletonRows } from "@/components/ui/skeleton";
import { Table } from "@/components/ui/table";
import type { WorkspaceView } from "@/server/domain/views";
import type { WorkspaceState } from "@/server/domain/workspace";
import { useDues } from "./use-dues";
import { WorkspaceRow } from "./workspace-row";
import { workspaceStateWords } from "./workspace-state-words";

const columns = [
  { name: "Repository", width: "184px" },
  { name: "State", width: "208px" },
  { name: "Path and branch" },
  { name: "Size", width: "88px", isNumeric: true },
  { name: "Run", width: "152px" },
  { name: "Used", width: "96px" },
  { name: "Actions", width: "120px", isHidden: true },
];

const RemoveWorkspaceDialog = lazy(() =>
  import("./remove-workspace-dialog").then((module) => ({ default: module.RemoveWorkspaceDialog })),
);
const RestoreWorkspaceDialog = lazy(() =>
  import("./restore-workspace-dialog").then((module) => ({
    default: module.RestoreWorkspaceDialog,
  })),
);

export function WorkspaceList() {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const [state, setState] = useState<WorkspaceState | "">("");
  const [removed, setRemoved] = useState<WorkspaceView | null>(null);
  const [restored, setRestored] = useState<WorkspaceView | null>(null);
  const input = { state: state || undefined, limit: 50 };
  const list = useInfiniteQuery(
    pagesOf<WorkspaceView>(trpc.workspaces.list.infiniteQueryKey(input), (cursor) =>
      client.workspaces.list.query({ ...input, cursor }),
    ),
  );
  const items = list.data?.pages.flatMap((page) => page.items);
  const dues = useDues(list.data?.pages.map((page) => page.items.map(({ id }) => id)) ?? []);
  return (
    <>
      <PageHeader title="Workspaces">
        <Select
          aria-label="State"
          className="w-36"
          value={state}
          onChange={(event) => setState(event.target.value as WorkspaceState | "")}
        >
          <option value="">All states</option>
          {Object.entries(workspaceStateWords).map(([name, word]) => (
            <option key={name} value={name}>
              {word}
            </option>
          ))}
        </Select>
      </PageHeader>
      {!items && list.isError && (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      )}
      {!items && !list.isError && <SkeletonRows rows={8} label="Loading the workspaces" />}
      {items?.length === 0 && (
        <EmptyState title={state ? "No workspace is in this state." : "There is no workspace yet."}>
          Each run gets an isolated checkout on a worker's disk; it is listed here with all it
          holds.
        </EmptyState>
      )}
      {items && items.length > 0 && (
        <Table label="Workspaces" columns={columns}>
          {items.map((workspace) => (
            <WorkspaceRow
              key={workspace.id}
              workspace={workspace}
              due={dues.get(workspace.id)}
              onRemove={setRemoved}
              onRestore={setRestored}
            />
          ))}
        </Table>
      )}
      <LoadMore list={list} />
      <Suspense>
        {removed && <RemoveWorkspaceDialog workspace={removed} onClose={() => setRemoved(null)} />}
        {restored && (
          <RestoreWorkspaceDialog workspace={restored} onClose={() => setRestored(null)} />
        )}
      </Suspense>
    </>
  );
}
