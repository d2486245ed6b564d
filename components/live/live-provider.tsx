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
import { createRecentWakes, type RecentWakes } from "./recent-wakes";
import { refreshAll } from "./refresh-all";
import { refreshOnWakes } from "./refresh-on-wakes";
import { shareStream } from "./share-stream";
import { useTRPC, useTRPCClient } from "./trpc";

const Context = createContext<(Live & { catchUp: CatchUp }) | null>(null);

/** Wakes once more with what came after event `since`; false when that is too long ago to know. */
type CatchUp = (since: number) => boolean;

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
  const [start] = useState(since);
  const [recent] = useState(() => createRecentWakes(since));
  const [live] = useState(() => withCatchUp(createLive(), recent));

  useEffect(() => {
    const position = { last: start };
    const fresh = skipKnown(live, position, recent);
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
  }, [client, queryClient, trpc, live, recent, member, start]);

  return <Context value={live}>{children}</Context>;
}

function withCatchUp(live: Live, recent: RecentWakes): Live & { catchUp: CatchUp } {
  const catchUp: CatchUp = (since) => {
    const missed = recent.after(since);
    if (missed && missed.length > 0) live.wake(missed);
    return missed !== null;
  };
  return { ...live, catchUp };
}

/** A repeated event wakes nobody twice; output wakes carry no number and always pass. */
function skipKnown(live: Live, position: { last: number }, recent: RecentWakes): Live {
  return {
    ...live,
    wake(wakes: Wake[]) {
      const fresh = wakes.filter((wake) => wake.kind === "output" || wake.id > position.last);
      for (const wake of fresh) {
        if (wake.kind === "event") position.last = Math.max(position.last, wake.id);
      }
      recent.add(fresh);
      if (fresh.length > 0) live.wake(fresh);
    },
  };
}

export function useLive(): Live {
  const live = use(Context);
  if (!live) throw new Error("useLive is used outside of LiveProvider.");
  return live;
}

export function useCatchUp(): CatchUp {
  const live = use(Context);
  if (!live) throw new Error("useCatchUp is used outside of LiveProvider.");
  return live.catchUp;
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
