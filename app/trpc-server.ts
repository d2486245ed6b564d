import "server-only";
import { createTRPCOptionsProxy } from "@trpc/tanstack-react-query";
import { headers } from "next/headers";
import { cache } from "react";
import { makeQueryClient } from "@/components/live/make-query-client";
import { createContext } from "@/server/api/context";
import { type AppRouter, appRouter } from "@/server/api/router";
import { processDoor } from "@/server/auth/door";

/** Who asks for this page; looked up once a request. */
const identify = cache(async () =>
  createContext(await processDoor(), { method: "GET", headers: new Headers(await headers()) }),
);

/** The newest event before anything of this request was read; 0 for whoever is not signed in. */
export const readPosition = cache(async () => {
  const { actor } = await identify();
  if (!actor) return 0;
  return (await appRouter.createCaller(identify).live.position()).lastEventId;
});

/** What the procedures are given: nothing is read before the position is known. */
const makeContext = cache(async () => {
  await readPosition();
  return identify();
});

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
  const { actor } = await identify();
  return actor?.kind === "member" || actor?.kind === "token" ? actor : null;
}
