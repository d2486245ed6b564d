import { infiniteQueryOptions, type QueryKey } from "@tanstack/react-query";

interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}

/**
 * A list that is read page by page. tRPC's own form of it sends a `direction` that the API does
 * not take.
 */
export function pagesOf<Item>(
  queryKey: QueryKey,
  readPage: (cursor: string | null) => Promise<Page<Item>>,
) {
  return infiniteQueryOptions({
    queryKey,
    queryFn: ({ pageParam }) => readPage(pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page: Page<Item>) => page.nextCursor,
  });
}
