import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { CaughtUp } from "@/components/live/caught-up";
import { getQueryClient, readPosition } from "./trpc-server";

/** Hands what the page has read on the server to the browser's cache. */
export async function Hydrated({ children }: { children: ReactNode }) {
  return (
    <HydrationBoundary state={dehydrate(getQueryClient())}>
      <CaughtUp since={await readPosition()}>{children}</CaughtUp>
    </HydrationBoundary>
  );
}
