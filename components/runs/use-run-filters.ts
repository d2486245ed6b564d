"use client";
import { useSearchParams } from "next/navigation";
import { useCallback, useMemo } from "react";
import { noFilters, type RunFilters, readFilters, writeFilters } from "./run-filters";

/** The filters in the address, and how to change some of them; null clears all. */
export function useRunFilters(): [RunFilters, (change: Partial<RunFilters> | null) => void] {
  const search = useSearchParams();
  const filters = useMemo(() => readFilters(new URLSearchParams(search.toString())), [search]);
  const change = useCallback((wish: Partial<RunFilters> | null) => {
    const now = readFilters(new URLSearchParams(window.location.search));
    const next = wish === null ? noFilters : { ...now, ...wish };
    window.history.replaceState(null, "", writeFilters(next));
  }, []);
  return [filters, change];
}
