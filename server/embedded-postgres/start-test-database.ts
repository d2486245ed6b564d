import { mkdtemp, readdir, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { ensureEmbeddedPostgres } from "./ensure-embedded-postgres";
import { hasErrorCode } from "./errors";
import { inspectPostmaster } from "./inspect-postmaster";

const prefix = "coppice-test-postgres-";

/**
 * A PostgreSQL for one test run: that of TEST_DATABASE_URL, or an embedded one of its own, fast
 * and without safety. Its databases go with `stop`.
 */
export async function startTestPostgres(): Promise<{ url: string; stop(): Promise<void> }> {
  const given = process.env.TEST_DATABASE_URL;
  if (given) return { url: given, stop: async () => {} };
  await sweepAbandoned();
  const home = await mkdtemp(path.join(tmpdir(), `${prefix}${process.pid}-`));
  const server = await ensureEmbeddedPostgres({ home, isDurable: false, log: () => {} });
  return {
    url: server.url,
    async stop() {
      await server.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** vitest's global set-up: one server for the whole run, in COPPICE_TEST_DATABASE_URL. */
export default async function startTestDatabase() {
  const server = await startTestPostgres();
  process.env.COPPICE_TEST_DATABASE_URL = server.url;
  return () => server.stop();
}

/** A killed test run leaves its server behind; the next one ends it. */
async function sweepAbandoned(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(prefix) || isAlive(Number.parseInt(name.slice(prefix.length), 10)))
      continue;
    const home = await realpath(path.join(tmpdir(), name));
    await endServer(path.join(home, "postgres", "data"));
    await rm(home, { recursive: true, force: true });
  }
}

async function endServer(data: string): Promise<void> {
  const { recorded, state } = inspectPostmaster(data);
  if (!recorded || state !== "ours") return;
  process.kill(recorded.pid, "SIGQUIT"); // at once: nobody misses this data
  while (inspectPostmaster(data).state === "ours") await delay(50);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !hasErrorCode(error, "ESRCH");
  }
}
