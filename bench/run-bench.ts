import { chmodSync, mkdirSync, mkdtempSync, realpathSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { ensureEmbeddedPostgres } from "@/server/embedded-postgres/ensure-embedded-postgres";
import { closeConnections } from "./call-http";
import type { Contender } from "./contender";
import { makeRepository } from "./make-repository";
import { measureBurst } from "./measure-burst";
import { measureLatency } from "./measure-latency";
import { measureOutput } from "./measure-output";
import { measureRecovery } from "./measure-recovery";
import { onServer } from "./on-server";
import { addMemory, readMemory } from "./read-processes";
import { showResults } from "./show-results";
import { startCoppice } from "./start-coppice";
import { type StartContender, startFloor } from "./start-floor";
import { watchPressure } from "./watch-pressure";

export interface RunBench {
  projectFolder: string;
  isQuick: boolean;
}

const slots = 4;
const idleSeconds = 10;
/** Far more than it takes on a busy machine: a run that never ends must not hold it up for ever. */
const longestMinutes = 10;
const change = "for n in 0 1 2 3 4 5 6 7 8 9; do echo changed > source/part0/new$n.ts; done";

/**
 * Measures Coppice beside the floor in one run, on one PostgreSQL and one disk; prints the figures and
 * writes them to `.coppice/bench.json`. Asserts nothing about speed.
 */
export async function runBench({ projectFolder, isQuick }: RunBench): Promise<void> {
  const folder = mkdtempSync(path.join(realpathSync(os.tmpdir()), "coppice-bench-"));
  chmodSync(folder, 0o711); // for root, PostgreSQL runs as another account, which has to pass
  const cleanUp: (() => Promise<unknown>)[] = [
    () => rm(folder, { recursive: true, force: true, maxRetries: 3 }),
  ];
  let ending: Promise<void> | undefined;
  const end = () => {
    ending ??= endAll(cleanUp);
    return ending;
  };
  const leave = (code: number) => void end().finally(() => process.exit(code));
  process.once("SIGINT", () => leave(130)).once("SIGTERM", () => leave(143));
  process.once("uncaughtException", (error) => {
    console.error(error);
    leave(1);
  });
  const tooLong = setTimeout(() => {
    throw new Error(`The bench took longer than ${longestMinutes} minutes.`);
  }, longestMinutes * 60_000);
  try {
    const sides = await startBoth(folder, projectFolder, cleanUp);
    const results = await measureAll({ ...sides, folder, isQuick });
    showResults(results);
    const file = path.join(projectFolder, ".coppice", "bench.json");
    mkdirSync(path.dirname(file), { recursive: true });
    await writeFile(file, `${JSON.stringify(results, null, 2)}\n`);
    console.log(`\nAll figures: ${path.relative(process.cwd(), file)}`);
  } finally {
    clearTimeout(tooLong);
    await end();
  }
}

async function endAll(cleanUp: (() => Promise<unknown>)[]): Promise<void> {
  for (const end of cleanUp.toReversed()) {
    // What could not be ended must not keep the rest alive.
    await end().catch((error: unknown) => console.error(error));
  }
  closeConnections();
}

interface Sides {
  floor: Contender;
  coppice: Contender;
  databaseUrl: string;
}

async function startBoth(
  folder: string,
  projectFolder: string,
  cleanUp: (() => Promise<unknown>)[],
): Promise<Sides> {
  console.log("Starting PostgreSQL, the floor and Coppice…");
  const repository = path.join(folder, "repository");
  makeRepository(repository);
  const server = await ensureEmbeddedPostgres({ home: path.join(folder, "server"), log: () => {} });
  cleanUp.push(() => server.stop());
  const common = { folder, repository, slots };
  await onServer(server.url, ["create database floor"]);
  const floorUrl = new URL("/floor", server.url).href;
  const floor = await startFloor({ ...common, databaseUrl: floorUrl } satisfies StartContender);
  cleanUp.push(() => floor.stop());
  const coppice = await startCoppice({ ...common, projectFolder, databaseUrl: server.url });
  cleanUp.push(() => coppice.stop());
  return { floor, coppice, databaseUrl: server.url };
}

export type Results = Awaited<ReturnType<typeof measureAll>>;

async function measureAll(options: Sides & { folder: string; isQuick: boolean }) {
  const { floor, coppice, databaseUrl, folder, isQuick } = options;
  const pressure = watchPressure();
  console.log(`Leaving both alone for ${idleSeconds} s…`);
  await delay(idleSeconds * 1000);
  const idle = { floor: readIdle(floor), coppice: readIdle(coppice) };
  console.log("Runs one after the other, in turn…");
  const pairs = isQuick ? 5 : 25;
  const unchanged = await underWatch("unchanged", { work: ":", pairs });
  const changed = await underWatch("changed", { work: change, pairs: isQuick ? 3 : 15 });
  console.log("Many runs at once…");
  const burstRuns = isQuick ? 30 : 100;
  const burst = {
    runs: burstRuns,
    floor: await measureBurst(floor, burstRuns),
    coppice: await measureBurst(coppice, burstRuns),
  };
  console.log("One run that prints a lot…");
  const mebibytes = isQuick ? 20 : 100;
  const output = {
    floor: await measureOutput(floor, mebibytes),
    coppice: await measureOutput(coppice, mebibytes),
  };
  console.log("The worker killed under its agents…");
  const recovery = await measureRecovery(coppice, { folder, databaseUrl, agents: slots });
  return {
    at: new Date().toISOString(),
    machine: describeMachine(),
    slots,
    idleSeconds,
    idle,
    unchanged,
    changed,
    burst,
    output,
    recovery,
    pressure: pressure(),
  };

  async function underWatch(name: string, input: { work: string; pairs: number }) {
    const marks = path.join(folder, `marks-${name}`);
    mkdirSync(marks);
    const share = watchPressure();
    const latencies = await measureLatency({ floor, coppice, folder: marks, ...input });
    return { ...latencies, pressure: share() };
  }
}

function readIdle({ processes }: Contender) {
  const [web, worker] = [readMemory(processes.web), readMemory(processes.worker)];
  return { web, worker, together: addMemory(web, worker) };
}

function describeMachine() {
  const [processor] = os.cpus();
  return {
    node: process.version,
    system: `${os.type()} ${os.release()}`,
    processors: os.cpus().length,
    processor: processor?.model.trim() ?? "unknown",
    memoryGib: Math.round(os.totalmem() / 1024 ** 3),
  };
}
