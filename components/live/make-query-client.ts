import { defaultShouldDehydrateQuery, QueryClient } from "@tanstack/react-query";
import superjson from "superjson";
import { readError } from "./read-error";

/**
 * The cache of the pages' queries, for the server's render and the browser alike. Wake-ups keep
 * what concerns runs fresh; the rest is read again after half a minute.
 */
export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        retry: (failures, error) => failures < 2 && isWorthAnotherTry(error),
        retryDelay: (failures) => Math.min(500 * 2 ** failures, 4000),
      },
      dehydrate: {
        serializeData: superjson.serialize,
        shouldDehydrateQuery: defaultShouldDehydrateQuery,
      },
      hydrate: { deserializeData: superjson.deserialize },
    },
  });
}

function isWorthAnotherTry(error: unknown): boolean {
  const { status } = readError(error);
  return status === null || status >= 500;
}
