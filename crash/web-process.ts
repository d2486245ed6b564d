// A web process with the product's own API and stream and no pages: `node web.mjs`, PORT in the
// environment. What Next adds to them is killed in the browser tests.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { answerTrpc } from "@/server/api/answer-trpc";
import { answerHealth } from "@/server/api/rest/answer-health";
import { answerRest } from "@/server/api/rest/answer-rest";
import { processDoor } from "@/server/auth/door";
import { leaveWithSupervisor } from "@/server/supervisor/leave-with-supervisor";

const port = Number(process.env.PORT);
leaveWithSupervisor(() => process.exit(1));
process.once("SIGTERM", () => process.exit(0));

createServer((incoming, outgoing) => {
  answer(incoming, outgoing).catch((error: unknown) => {
    console.error(error);
    outgoing.destroy();
  });
}).listen(port, "127.0.0.1", () => process.send?.({ type: "ready" }));

async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const left = new AbortController();
  outgoing.once("close", () => left.abort());
  const response = await route(readRequest(incoming, left.signal));
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.flushHeaders();
  if (!response.body) return void outgoing.end();
  const body = Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]);
  body.once("error", () => outgoing.destroy());
  body.pipe(outgoing);
}

async function route(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (pathname === "/api/health") return answerHealth(processDoor);
  const door = await processDoor();
  if (pathname.startsWith("/api/trpc/")) return answerTrpc(door, request);
  return answerRest(door, request, pathname.slice("/api/v1".length));
}

function readRequest(incoming: IncomingMessage, signal: AbortSignal): Request {
  const { method = "GET", url = "/", rawHeaders } = incoming;
  const headers = new Headers();
  for (let at = 0; at < rawHeaders.length; at += 2) {
    headers.append(rawHeaders[at] ?? "", rawHeaders[at + 1] ?? "");
  }
  const hasBody = method !== "GET" && method !== "HEAD";
  const body = hasBody ? { body: Readable.toWeb(incoming) as ReadableStream, duplex: "half" } : {};
  return new Request(`http://127.0.0.1:${port}${url}`, { method, headers, signal, ...body });
}
