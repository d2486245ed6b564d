"use client";
import { ArrowUp } from "lucide-react";
import { useEffect, useRef } from "react";
import { Button } from "@/components/ui/button";
import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { SkeletonRows } from "@/components/ui/skeleton";
import { RunFilterBar } from "./run-filter-bar";
import { hasFilter } from "./run-filters";
import { RunTable } from "./run-table";
import { useRunFilters } from "./use-run-filters";
import { useRunList } from "./use-run-list";

export function RunList() {
  const [filters, setFilters] = useRunFilters();
  const { list, runs, fresh, showFresh } = useRunList(filters);
  const isFiltered = hasFilter(filters);
  return (
    <>
      <RunFilterBar filters={filters} onChange={setFilters} />
      {fresh.length > 0 && runs.length > 0 && (
        <div className="sticky top-14 z-20 flex h-0 justify-center">
          <Button look="primary" size="small" className="mt-2 rounded-full" onClick={showFresh}>
            <ArrowUp aria-hidden className="size-3" />
            {fresh.length} new {fresh.length === 1 ? "run" : "runs"}
          </Button>
        </div>
      )}
      {list.isPending && <SkeletonRows rows={16} label="Loading runs" />}
      {list.isError && runs.length === 0 && (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      )}
      {runs.length > 0 && <RunTable label="Runs" runs={runs} />}
      {list.isSuccess && runs.length === 0 && (
        <NoRuns isFiltered={isFiltered} onClear={() => setFilters(null)} />
      )}
      {list.hasNextPage && (
        <LoadMore
          isLoading={list.isFetchingNextPage}
          onLoad={() => void list.fetchNextPage({ cancelRefetch: false })}
        />
      )}
    </>
  );
}

function NoRuns({ isFiltered, onClear }: { isFiltered: boolean; onClear: () => void }) {
  if (isFiltered) {
    return (
      <EmptyState
        title="No run matches these filters."
        action={<Button onClick={onClear}>Clear the filters</Button>}
      />
    );
  }
  return (
    <EmptyState
      title="Nothing has been run yet."
      action={<ButtonLink href="/runs/new">New run</ButtonLink>}
    >
      Choose a workflow and a repository and say what to do; the run appears here at once.
    </EmptyState>
  );
}

function LoadMore({ isLoading, onLoad }: { isLoading: boolean; onLoad: () => void }) {
  const box = useRef<HTMLDivElement>(null);
  const load = useRef(onLoad);
  useEffect(() => {
    load.current = onLoad;
  });
  useEffect(() => {
    if (!box.current) return;
    const watch = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting) load.current();
      },
      { rootMargin: "600px" },
    );
    watch.observe(box.current);
    return () => watch.disconnect();
  }, []);
  return (
    <div ref={box} className="flex h-12 items-center justify-center">
      <Button look="quiet" size="small" disabled={isLoading} onClick={onLoad}>
        {isLoading ? "Loading…" : "Load more"}
      </Button>
    </div>
  );
}
