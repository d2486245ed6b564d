"use client";
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect } from "react";
import { useCatchUp } from "./live-provider";
import { refreshAll } from "./refresh-all";

/**
 * Lets a page that was read on the server catch up with what this tab was told while it was on its
 * way: a wake that came before the page's data woke nobody.
 * @param since the newest event before the server read the page's data.
 */
export function CaughtUp({ since, children }: { since: number; children: ReactNode }) {
  const catchUp = useCatchUp();
  const queryClient = useQueryClient();
  useEffect(() => {
    if (!catchUp(since)) void refreshAll(queryClient);
  }, [catchUp, queryClient, since]);
  return children;
}
