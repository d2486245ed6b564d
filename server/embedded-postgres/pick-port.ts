import { readFile, rename, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { hasErrorCode } from "./errors";
import { nameBeside } from "./name-beside";

/** A free loopback port: the one kept in `file` when it is free, so that clients keep their URL. */
export async function pickPort(file: string): Promise<number> {
  const port = (await probe(await readPort(file))) ?? (await probe(0));
  if (port === null) throw new Error("This machine has no free loopback port.");
  const half = nameBeside(file);
  await writeFile(half, String(port));
  await rename(half, file);
  return port;
}

async function readPort(file: string): Promise<number> {
  try {
    return Number(await readFile(file, "utf8")) || 0;
  } catch (error) {
    if (hasErrorCode(error, "ENOENT")) return 0;
    throw error;
  }
}

function probe(wanted: number): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", (error) => {
      if (hasErrorCode(error, "EADDRINUSE", "EACCES")) resolve(null);
      else reject(error);
    });
    server.listen(wanted, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" ? (address?.port ?? null) : null));
    });
  });
}
