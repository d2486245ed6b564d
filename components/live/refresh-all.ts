import type { QueryClient } from "@tanstack/react-query";

/** Reads again all that shows, but the lists that stand still: they mend themselves row by row. */
export function refreshAll(queryClient: QueryClient): Promise<void> {
  return queryClient.invalidateQueries({
    type: "active",
    predicate: (query) => query.meta?.isStill !== true,
  });
}
