"use client";
import { useSearchParams } from "next/navigation";
import { useCallback, useMemo } from "react";
import { noWorkFilters, readWorkFilters, type WorkFilters, writeWorkFilters } from "./work-filters";

/** The filters in the address, and how to change some of them; null clears all. */
export function useWorkFilters(): [WorkFilters, (change: Partial<WorkFilters> | null) => void] {
  const search = useSearchParams();
  const filters = useMemo(() => readWorkFilters(new URLSearchParams(search.toString())), [search]);
  const change = useCallback((wish: Partial<WorkFilters> | null) => {
    const now = readWorkFilters(new URLSearchParams(window.location.search));
    const next = wish === null ? { ...noWorkFilters, group: now.group } : { ...now, ...wish };
    window.history.replaceState(null, "", writeWorkFilters(next));
  }, []);
  return [filters, change];
}
