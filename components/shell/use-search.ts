"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTRPC } from "@/components/live/trpc";
import { useSettled } from "./use-settled";

const settleMilliseconds = 150;

/** The runs to which what is typed leads, and a note for when there are none. */
export function useSearch(text: string) {
  const trpc = useTRPC();
  const q = useSettled(text.trim(), settleMilliseconds);
  const search = useQuery(
    trpc.search.find.queryOptions({ q }, { enabled: q !== "", placeholderData: keepPreviousData }),
  );
  const note = search.isFetching
    ? "Looking…"
    : search.isError
      ? "The search did not answer. Type on to try again."
      : `No run has “${q}” as an id, commit, branch, path, pid or number.`;
  /** The hits belong to what stands in the box now, not to what stood there before. */
  const isCurrent = q === text.trim() && search.isSuccess && !search.isPlaceholderData;
  return { hits: q === "" ? [] : (search.data?.items ?? []), note, isCurrent, isAsked: q !== "" };
}
