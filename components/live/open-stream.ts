import type { TRPCClient } from "@trpc/client";
import type { AppRouter } from "@/server/api/router";
import type { Wake } from "@/server/domain/run-view";
import type { Connection } from "./live";
import { readError } from "./read-error";

const firstDelayMs = 1000;
const maxDelayMs = 30_000;

/**
 * Holds one stream of wake-ups open until the function it gives back is called. What tRPC does not
 * mend by itself (an error of the server, an end) is opened again after a growing delay.
 */
export function openStream(
  client: TRPCClient<AppRouter>,
  lastId: () => number,
  tell: { wakes: (wakes: Wake[]) => void; connection: (connection: Connection) => void },
): () => void {
  let isClosed = false;
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let subscription: { unsubscribe(): void } | undefined;

  const reopen = () => {
    subscription?.unsubscribe();
    if (isClosed) return;
    tell.connection("reconnecting");
    clearTimeout(timer);
    timer = setTimeout(open, Math.min(firstDelayMs * 2 ** failures, maxDelayMs));
    failures += 1;
  };

  const open = () => {
    subscription = client.live.stream.subscribe(
      { lastEventId: lastId() },
      {
        onData: ({ data }) => tell.wakes(data),
        onConnectionStateChange: ({ state, error }) => {
          if (isClosed) return;
          if (state === "pending") failures = 0;
          if (state === "pending") tell.connection("live");
          else if (error) tell.connection("reconnecting");
        },
        onError: (error) => {
          if (readError(error).status === 401) window.location.assign("/sign-in");
          else reopen();
        },
        onComplete: reopen,
      },
    );
  };

  open();
  return () => {
    isClosed = true;
    clearTimeout(timer);
    subscription?.unsubscribe();
  };
}
