import "server-only";
import { createTRPCOptionsProxy } from "@trpc/tanstack-react-query";
import { headers } from "next/headers";
import { cache } from "react";
import { makeQueryClient } from "@/components/live/make-query-client";
import { createContext } from "@/server/api/context";
import { type AppRouter, appRouter } from "@/server/api/router";
import { processDoor } from "@/server/auth/door";

/** Who asks for this page; looked up once a request. */
const makeContext = cache(async () =>
  createContext(await processDoor(), { method: "GET", headers: new Headers(await headers()) }),
);

/** The query cache of this request, which goes down to the browser with the page. */
export const getQueryClient = cache(makeQueryClient);

/** The API's queries for a page's render: they call the procedures, without HTTP. */
export const trpc = createTRPCOptionsProxy<AppRouter>({
  router: appRouter,
  ctx: makeContext,
  queryClient: getQueryClient,
});

/** The API's procedures themselves. */
export const caller = appRouter.createCaller(makeContext);

/** The member or token that reads this page; null: nobody is signed in. */
export async function findReader() {
  const { actor } = await makeContext();
  return actor?.kind === "member" || actor?.kind === "token" ? actor : null;
}
