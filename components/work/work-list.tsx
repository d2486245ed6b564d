"use client";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { pagesOf } from "@/components/live/pages-of";
import { useTRPC, useTRPCClient } from "@/components/live/trpc";
import { useMember } from "@/components/shell/member";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { LoadMore } from "@/components/ui/load-more";
import { notify } from "@/components/ui/notify";
import { PageHeader } from "@/components/ui/page-header";
import { Select } from "@/components/ui/select";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { WorkEntryView } from "@/server/domain/work";
import { LetGoDialog } from "./let-go-dialog";
import { useWorkFilters } from "./use-work-filters";
import { WorkFilterBar } from "./work-filter-bar";
import { hasWorkFilter, toWorkInput, type WorkFilters } from "./work-filters";
import { WorkTable } from "./work-table";

/** The work ledger: what any run made, and where it is now. */
export function WorkList() {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const { mayOperate } = useMember();
  const [filters, setFilters] = useWorkFilters();
  const [asked, setAsked] = useState<WorkEntryView[]>([]);
  const takeBack = useTakeBack();
  const input = toWorkInput(filters);
  const list = useInfiniteQuery(
    pagesOf<WorkEntryView>(trpc.work.list.infiniteQueryKey(input), (cursor) =>
      client.work.list.query({ ...input, cursor }),
    ),
  );
  const entries = list.data?.pages.flatMap((page) => page.items);
  const { mutate } = takeBack;
  const act = useCallback(
    (what: "letGo" | "takeBack", chosen: WorkEntryView[]) =>
      what === "letGo" ? setAsked(chosen) : mutate({ ids: chosen.map(({ id }) => id) }),
    [mutate],
  );
  return (
    <>
      <PageHeader title="Work">
        <Select
          aria-label="Grouped by"
          className="w-36"
          value={filters.group}
          onChange={({ target }) => setFilters({ group: target.value as WorkFilters["group"] })}
        >
          <option value="run">By run</option>
          <option value="repository">By repository</option>
        </Select>
      </PageHeader>
      <WorkFilterBar filters={filters} onChange={setFilters} />
      {!entries && list.isError && (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      )}
      {!entries && !list.isError && <SkeletonRows rows={12} label="Loading the work" />}
      {entries?.length === 0 && <NoWork filters={filters} onClear={() => setFilters(null)} />}
      {entries && entries.length > 0 && (
        <WorkTable entries={entries} group={filters.group} mayOperate={mayOperate} onAct={act} />
      )}
      <LoadMore list={list} />
      {asked.length > 0 && <LetGoDialog entries={asked} onClose={() => setAsked([])} />}
    </>
  );
}

function useTakeBack() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  return useMutation(
    trpc.work.takeBack.mutationOptions({
      onSuccess: () => {
        void queryClient.invalidateQueries({ queryKey: trpc.work.pathKey() });
        void notify.success("It counts as at risk again.");
      },
      onError: (error) => void notify.failure(error),
    }),
  );
}

function NoWork({ filters, onClear }: { filters: WorkFilters; onClear: () => void }) {
  const isOnlyRisk = filters.atRisk && !hasWorkFilter({ ...filters, atRisk: false });
  if (isOnlyRisk) {
    return (
      <EmptyState
        title="No work is at risk."
        action={<Button onClick={onClear}>Show all work</Button>}
      >
        Every commit is in its origin, or an operator let it go.
      </EmptyState>
    );
  }
  if (hasWorkFilter(filters)) {
    return (
      <EmptyState
        title="No work matches these filters."
        action={<Button onClick={onClear}>Clear the filters</Button>}
      />
    );
  }
  return (
    <EmptyState title="No run has made anything yet.">
      Every commit, snapshot and leftover of any run is listed here, with where it is now.
    </EmptyState>
  );
}
