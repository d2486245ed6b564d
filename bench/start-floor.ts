import { createReadStream, mkdirSync } from "node:fs";
import path from "node:path";
import { callHttp, followStream } from "./call-http";
import { wallClockMs } from "./clock";
import { type Contender, Endings } from "./contender";
import { makeMirror } from "./make-repository";
import { onServer } from "./on-server";
import { findFreePort, startProcess } from "./start-process";

export interface StartContender {
  /** A folder of its own; it exists. */
  folder: string;
  /** The origin of the repository that runs work on. */
  repository: string;
  /** A database of its own on the server that both sides share. */
  databaseUrl: string;
  slots: number;
}

/**
 * Starts the floor: the least that a trigger → worker → process → page path can cost with real
 * processes, PostgreSQL, git and SSE.
 */
export async function startFloor(options: StartContender): Promise<Contender> {
  const folder = path.join(options.folder, "floor");
  mkdirSync(folder);
  makeMirror(options.repository, path.join(folder, "mirror.git"));
  await onServer(options.databaseUrl, [
    `create table floor_runs (id bigserial primary key, command text, status text default 'queued',
      workspace text, code int, head text)`,
    "create index on floor_runs (id) where status = 'queued'",
  ]);
  const port = await findFreePort();
  const plan = {
    folder,
    environment: {
      ...process.env,
      DATABASE_URL: options.databaseUrl,
      NODE_ENV: "production" as const,
    },
    isReady: () => false,
  };
  const here = import.meta.dirname;
  const web = await startProcess({ ...plan, args: [path.join(here, "floor-web.mjs"), `${port}`] });
  const workerArgs = [path.join(here, "floor-worker.mjs"), folder, `${options.slots}`];
  const worker = await startProcess({ ...plan, args: workerArgs });
  const url = `http://127.0.0.1:${port}`;
  const endings = new Endings();
  const stream = await followStream({ url: `${url}/stream` }, (data) => {
    const [, runId] = /^(\d+) ended$/.exec(data) ?? [];
    if (runId) endings.report(runId, wallClockMs(), null);
  });
  return {
    name: "floor",
    processes: { web: web.pid, worker: worker.pid },
    trigger: async (command) => {
      const { text: runId, sentAtMs } = await callHttp({ url, method: "POST", body: command });
      return { runId, sentAtMs, endedAtMs: endings.of(runId) };
    },
    readOutput: async (runId) => createReadStream(path.join(folder, `${runId}.log`)),
    stop: async () => {
      stream.close();
      await Promise.all([web.stop(), worker.stop()]);
    },
  };
}
