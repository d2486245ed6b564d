"use client";
import { useQueryClient } from "@tanstack/react-query";
import {
  createContext,
  type ReactNode,
  use,
  useEffect,
  useState,
  useSyncExternalStore,
} from "react";
import type { Wake } from "@/server/domain/run-view";
import { type Connection, createLive, type Live } from "./live";
import { openStream } from "./open-stream";
import { refreshAll } from "./refresh-all";
import { refreshOnWakes } from "./refresh-on-wakes";
import { shareStream } from "./share-stream";
import { useTRPC, useTRPCClient } from "./trpc";

const Context = createContext<Live | null>(null);

/**
 * Keeps every page of this tab up to date over the browser's one stream.
 * @param since the newest event before the server read what the page shows.
 */
export function LiveProvider({
  since,
  member,
  children,
}: {
  since: number;
  member: string;
  children: ReactNode;
}) {
  const client = useTRPCClient();
  const queryClient = useQueryClient();
  const trpc = useTRPC();
  const [live] = useState(createLive);
  const [start] = useState(since);

  useEffect(() => {
    const position = { last: start };
    const fresh = skipKnown(live, position);
    const stopRefreshing = refreshOnWakes(fresh, queryClient, trpc);
    const stopSharing = shareStream(member, fresh, (tell) =>
      openStream(client, () => position.last, tell),
    );
    // What was shared between the server's render and now went past this tab.
    client.live.position.query().then(
      ({ lastEventId }) => {
        if (lastEventId > start) void refreshAll(queryClient);
      },
      () => live.setConnection("reconnecting"),
    );
    return () => {
      stopSharing();
      stopRefreshing();
    };
  }, [client, queryClient, trpc, live, member, start]);

  return <Context value={live}>{children}</Context>;
}

/** A repeated event wakes nobody twice; output wakes carry no number and always pass. */
function skipKnown(live: Live, position: { last: number }): Live {
  return {
    ...live,
    wake(wakes: Wake[]) {
      const fresh = wakes.filter((wake) => wake.kind === "output" || wake.id > position.last);
      for (const wake of fresh) {
        if (wake.kind === "event") position.last = Math.max(position.last, wake.id);
      }
      if (fresh.length > 0) live.wake(fresh);
    },
  };
}

export function useLive(): Live {
  const live = use(Context);
  if (!live) throw new Error("useLive is used outside of LiveProvider.");
  return live;
}

export function useConnection(): Connection {
  const live = useLive();
  return useSyncExternalStore(live.onConnection, live.connection, () => "connecting" as const);
}

/** Calls `listener` with the wakes of one run. Keep `listener` the same between renders. */
export function useRunWakes(runId: string, listener: (wakes: Wake[]) => void): void {
  const live = useLive();
  useEffect(
    () =>
      live.onWakes((wakes) => {
        const own = wakes.filter((wake) => wake.runId === runId);
        if (own.length > 0) listener(own);
      }),
    [live, runId, listener],
  );
}
