import { createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { StartRefused } from "./errors";

const pauseMilliseconds = 100;

/**
 * Makes sure that nobody listens where the web is to listen. `patienceMilliseconds` is for the web
 * of a supervisor that has just died, which is about to leave.
 *
 * Throws StartRefused naming the port and the fix.
 */
export async function claimPort(
  host: string,
  port: number,
  patienceMilliseconds: number,
): Promise<void> {
  const deadline = Date.now() + patienceMilliseconds;
  for (;;) {
    const code = await tryListen(host, port);
    if (code === null) return;
    if (code !== "EADDRINUSE") throw refuse(host, port, code);
    if (Date.now() >= deadline) throw refuse(host, port, code);
    await delay(pauseMilliseconds);
  }
}

function tryListen(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(null)));
  });
}

function refuse(host: string, port: number, code: string): StartRefused {
  if (code === "EADDRINUSE") {
    return new StartRefused(`Port ${port} on ${host} is taken by another program.`, {
      hint: `Stop that program, or start Coppice on another port: PORT=${port === 65_535 ? 3001 : port + 1} npm start`,
    });
  }
  return new StartRefused(`Coppice cannot listen on ${host}, port ${port} (${code}).`, {
    hint: "Set HOST to an address of this machine and PORT to a port this account may use.",
  });
}
