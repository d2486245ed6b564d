import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** A way to a PostgreSQL server that can be disturbed; for tests. */
export interface TestProxy {
  /** The database's address, by way of the proxy. */
  url: string;
  /** Breaks every connection and lets no new one live. */
  drop(): void;
  /** Takes connections and bytes, and passes nothing on. */
  stall(): void;
  /** Passes everything on again, what waited first. */
  mend(): void;
  /** Lets the commit of the next transaction that said all `words` pass, and cuts off its answer. */
  cutCommit(...words: string[]): Promise<void>;
  close(): Promise<void>;
}

interface Link {
  client: Socket;
  server: Socket;
  /** What the client has said since the last commit. */
  said: string;
  onAnswer: (() => void) | null;
}

interface Cut {
  words: string[];
  resolve: () => void;
}

export async function openTestProxy(url: string): Promise<TestProxy> {
  const target = new URL(url);
  const links = new Set<Link>();
  const cuts = new Set<Cut>();
  let mode: "open" | "stalled" | "dropped" = "open";

  const listener = createServer((client) => {
    if (mode === "dropped") {
      client.on("error", () => {}).destroy();
      return;
    }
    const server = connect(Number(target.port), target.hostname);
    const link: Link = { client, server, said: "", onAnswer: null };
    links.add(link);
    if (mode === "stalled") client.pause();
    client.on("data", (bytes) => {
      listenFor(link, bytes, cuts);
      server.write(bytes);
    });
    server.on("data", (bytes) => {
      if (link.onAnswer) link.onAnswer();
      else client.write(bytes);
    });
    for (const socket of [client, server]) {
      socket.on("error", () => {});
      socket.on("close", () => breakLink(link));
    }
  });
  const breakLink = (link: Link) => {
    links.delete(link);
    link.client.destroy();
    link.server.destroy();
  };
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  const address = listener.address();
  if (address === null || typeof address === "string") throw new Error("the proxy has no port");
  return {
    url: Object.assign(new URL(url), { host: `127.0.0.1:${address.port}` }).href,
    drop: () => {
      mode = "dropped";
      for (const link of links) breakLink(link);
    },
    stall: () => {
      mode = "stalled";
      for (const { client, server } of links) for (const socket of [client, server]) socket.pause();
    },
    mend: () => {
      mode = "open";
      for (const { client, server } of links)
        for (const socket of [client, server]) socket.resume();
    },
    cutCommit: (...words) => new Promise((resolve) => cuts.add({ words, resolve })),
    close: async () => {
      for (const link of links) breakLink(link);
      listener.close();
      await once(listener, "close");
    },
  };
}

/** The answer is cut off when it comes, so that the commit has happened by then. */
function listenFor(link: Link, bytes: Buffer, cuts: Set<Cut>): void {
  link.said += bytes.toString("latin1");
  if (!/\bcommit\0/i.test(link.said)) return;
  const cut = [...cuts].find(({ words }) => words.every((word) => link.said.includes(word)));
  link.said = "";
  if (!cut) return;
  cuts.delete(cut);
  link.onAnswer = () => {
    link.client.destroy();
    cut.resolve();
  };
}
