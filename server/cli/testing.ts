import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { runCli } from "./run-cli";
import type { Terminal } from "./terminal";

export interface CliCall {
  exitCode: number;
  out: string;
  complaints: string;
}

interface TestTerminal extends Partial<Terminal> {
  url?: string;
  token?: string;
  onWrite?: (text: string) => unknown;
}

/** Streams that only remember. */
export function rememberingTerminal({ url, token, onWrite, ...given }: TestTerminal = {}) {
  const parts: Buffer[] = [];
  const complaints: string[] = [];
  const terminal: Terminal = {
    write: async (output) => {
      const bytes = Buffer.from(output as Uint8Array);
      parts.push(bytes);
      await onWrite?.(bytes.toString());
    },
    complain: (line) => void complaints.push(line),
    readInput: async () => "",
    confirm: async () => null,
    environment: { COPPICE_URL: url, COPPICE_TOKEN: token },
    folder: "/srv/work",
    hasColours: false,
    columns: 120,
    pollMs: 5,
    ...given,
  };
  const read = () => ({
    out: Buffer.concat(parts).toString(),
    complaints: complaints.join("\n"),
  });
  return { terminal, read };
}

/** Carries out one call of the CLI. */
export async function callCli(args: string[], given: TestTerminal = {}): Promise<CliCall> {
  const { terminal, read } = rememberingTerminal(given);
  const exitCode = await runCli(args, terminal);
  return { exitCode, ...read() };
}

export type Answer = (request: Request) => Response | Promise<Response>;

/** A web on a loopback port that answers as the test says; `port` lets it come back where it was. */
export async function serve(answer: Answer, port = 0): Promise<{ url: string; server: Server }> {
  const server = createServer(async (incoming, outgoing) => {
    const response = await answer(await toRequest(incoming));
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    for await (const bytes of response.body ?? []) outgoing.write(bytes);
    outgoing.end();
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

export async function stop(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}

async function toRequest(incoming: IncomingMessage): Promise<Request> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part);
  const hasBody = incoming.method !== "GET";
  return new Request(`http://localhost:3000${incoming.url}`, {
    method: incoming.method ?? "GET",
    headers: { ...(incoming.headers as Record<string, string>), host: "localhost:3000" },
    body: hasBody ? Buffer.concat(parts).toString() : null,
  });
}
