import { randomBytes } from "node:crypto";
import path from "node:path";
import { isTerminal } from "@/server/domain/run-status";
import { type Wake, wakeSchema } from "@/server/domain/run-view";
import { callHttp, followStream, openHttp } from "./call-http";
import { wallClockMs } from "./clock";
import { type Contender, Endings } from "./contender";
import { endKeepers } from "./end-keepers";
import { listChildren } from "./read-processes";
import type { StartContender } from "./start-floor";
import { findFreePort, type StartedProcess, startProcess } from "./start-process";

const workflow = "bench";
const repositoryName = "bench";

/** Starts the product itself, built, with a home of its own, and follows its live stream. */
export async function startCoppice(
  options: StartContender & { projectFolder: string },
): Promise<Contender> {
  const port = await findFreePort();
  // Of the form that tokens have: `cop_` and forty letters or digits.
  const token = `cop_${randomBytes(20).toString("hex")}`;
  const supervisor = await startSupervisor(options, port, token);
  try {
    return await openContender(options, supervisor, `http://127.0.0.1:${port}`, token);
  } catch (error) {
    await supervisor.stop();
    throw new Error(`Coppice said:\n${supervisor.log.slice(-20).join("\n")}`, { cause: error });
  }
}

function startSupervisor(
  options: StartContender & { projectFolder: string },
  port: number,
  token: string,
): Promise<StartedProcess> {
  const { COPPICE_URL: _, HOST: __, ...inherited } = process.env;
  return startProcess({
    args: [path.join(options.projectFolder, "dist", "supervisor.mjs")],
    folder: options.projectFolder,
    environment: {
      ...inherited,
      PORT: String(port),
      COPPICE_HOME: path.join(options.folder, "home"),
      COPPICE_SETUP_TOKEN: token,
      COPPICE_SLOTS: String(options.slots),
      DATABASE_URL: options.databaseUrl,
    },
    isReady: (line) => line.startsWith("Coppice is ready"),
  });
}

async function openContender(
  options: StartContender,
  supervisor: StartedProcess,
  url: string,
  token: string,
): Promise<Contender> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const post = (call: string, input: unknown) =>
    callHttp({ url: `${url}/api/v1${call}`, method: "POST", headers, body: JSON.stringify(input) });
  await post("/repositories", { name: repositoryName, origin: options.repository });
  await post("/workflows", { name: workflow, agent: "shell", command: 'eval "$COPPICE_MESSAGE"' });
  const endings = new Endings();
  const stream = await followStream({ url: `${url}/api/trpc/live.stream`, headers }, (data) =>
    reportEnds(data, endings),
  );
  const children = listChildren(supervisor.pid);
  const find = (what: RegExp) => children.find(({ command }) => what.test(command))?.pid ?? 0;
  return {
    name: "coppice",
    processes: { web: find(/next/), worker: find(/worker\.mjs/) },
    trigger: async (message) => {
      const { text, sentAtMs } = await post("/runs", {
        workflow,
        repository: repositoryName,
        message,
      });
      const { id: runId } = JSON.parse(text) as { id: string };
      return { runId, sentAtMs, endedAtMs: endings.of(runId) };
    },
    readOutput: async (runId) => {
      const call = { url: `${url}/api/v1/runs/${runId}/output`, headers };
      return (await openHttp(call)).response;
    },
    stop: async () => {
      stream.close();
      await supervisor.stop();
      endKeepers(path.join(options.folder, "home"));
    },
  };
}

/** Each message of the stream holds wake-ups, as superjson writes them. */
function reportEnds(data: string, endings: Endings): void {
  const atMs = wallClockMs();
  for (const wake of readWakes(data)) {
    if (wake.kind !== "event" || !wake.status || !isTerminal(wake.status)) continue;
    endings.report(wake.runId, atMs, wake.status === "succeeded" ? null : wake.status);
  }
}

function readWakes(data: string): Wake[] {
  const message: unknown = JSON.parse(data);
  const wakes = (message as { json?: unknown } | null)?.json;
  return Array.isArray(wakes) ? wakes.map((wake) => wakeSchema.parse(wake)) : [];
}
