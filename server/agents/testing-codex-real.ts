import { createServer } from "node:net";
import { requireProgram } from "./testing-real";
import { realCodex } from "./testing-real-agents";

export const codexProgram = realCodex.program;

export function requireCodex(): void {
  requireProgram(realCodex, "Run “npm test”, which installs it.");
}

/** A proxy that notes whom it was asked for, and lets nobody through. */
export async function startRefusingProxy() {
  const asked: string[] = [];
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", (data) => {
      asked.push(data.toString().split("\r\n")[0] ?? "");
      socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", () => listening()));
  const { port } = server.address() as { port: number };
  return { url: `http://127.0.0.1:${port}`, asked, close: () => server.close() };
}
