import type { Wake } from "@/server/domain/run-view";
import type { Connection, Live } from "./live";

type Message =
  | { kind: "wakes"; wakes: Wake[] }
  | { kind: "connection"; connection: Connection }
  | { kind: "ask" };

type Open = (tell: {
  wakes: (wakes: Wake[]) => void;
  connection: (connection: Connection) => void;
}) => () => void;

/**
 * One stream per browser: Web Locks elect the tab that holds it and a BroadcastChannel shares what
 * it says, because a browser opens no more than six connections to a host over HTTP/1.1. Where the
 * page is no secure context there are no locks, and each visible tab holds a stream of its own.
 * @param member names lock and channel, so that two accounts in one browser never mix.
 */
export function shareStream(member: string, live: Live, open: Open): () => void {
  const name = `coppice-live:${member}`;
  return "locks" in navigator ? shareByLock(name, live, open) : followWhileVisible(live, open);
}

function shareByLock(name: string, live: Live, open: Open): () => void {
  const channel = new BroadcastChannel(name);
  const leaving = new AbortController();
  let isLeader = false;
  const send = (message: Message) => channel.postMessage(message);

  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if (data.kind === "wakes") live.wake(data.wakes);
    else if (data.kind === "connection") live.setConnection(data.connection);
    else if (isLeader) send({ kind: "connection", connection: live.connection() });
  };

  const lead = () =>
    new Promise<void>((release) => {
      isLeader = true;
      const close = open({
        wakes: (wakes) => {
          live.wake(wakes);
          send({ kind: "wakes", wakes });
        },
        connection: (connection) => {
          live.setConnection(connection);
          send({ kind: "connection", connection });
        },
      });
      leaving.signal.addEventListener("abort", () => {
        close();
        release();
      });
    });

  navigator.locks.request(name, { signal: leaving.signal }, lead).catch((error: unknown) => {
    if (!leaving.signal.aborted) throw error;
  });
  send({ kind: "ask" });
  return () => {
    leaving.abort();
    channel.close();
  };
}

function followWhileVisible(live: Live, open: Open): () => void {
  let close: (() => void) | undefined;
  const follow = () => {
    if (document.visibilityState === "visible") {
      close ??= open({ wakes: live.wake, connection: live.setConnection });
    } else {
      close?.();
      close = undefined;
    }
  };
  follow();
  document.addEventListener("visibilitychange", follow);
  return () => {
    document.removeEventListener("visibilitychange", follow);
    close?.();
  };
}
