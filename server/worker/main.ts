// The worker's entry: `node dist/worker.mjs`, started by the supervisor or by hand.
import os from "node:os";
import { databaseUrl } from "@/db/process-database";
import { DomainError } from "@/server/domain/errors";
import { leaveWithSupervisor } from "@/server/supervisor/leave-with-supervisor";
import { type RunningWorker, startWorker } from "./start-worker";

const defaultSlots = 4;
const stopLimitMs = 3_500;

let running: RunningWorker | null = null;
let isStopping = false;

process.on("uncaughtException", (error) => {
  console.error(error);
  process.exit(70);
});
process.on("unhandledRejection", (error) => {
  console.error(error);
  process.exit(70);
});
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void stop(0));
leaveWithSupervisor(() => void stop(0));

try {
  running = await startWorker({
    databaseUrl: databaseUrl(),
    home: requireHome(),
    name: workerName(),
    slots: slotCount(),
    environment: process.env,
    log: (message) => console.log(message),
    onSuperseded: () => {
      console.error("Another worker has taken this worker's name; leaving at once.");
      process.exit(75);
    },
  });
  process.send?.({ type: "ready" });
  console.log("worker ready");
} catch (error) {
  console.error(error instanceof DomainError ? error.message : error);
  if (error instanceof DomainError && error.hint) console.error(error.hint);
  process.exit(1);
}

/** Agents are not stopped: their keepers go on, and the next worker follows them again. */
async function stop(code: number): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  setTimeout(() => process.exit(code), stopLimitMs).unref();
  await running?.stop();
  process.exit(code);
}

function requireHome(): string {
  const home = process.env.COPPICE_HOME;
  if (!home) throw new Error("COPPICE_HOME is not set; start the worker with “coppice worker”.");
  return home;
}

/** A name that a queue may have: letters, digits, “.”, “_” and “-”. */
function workerName(): string {
  const name = process.env.COPPICE_WORKER_NAME || os.hostname();
  return name.replaceAll(/[^A-Za-z0-9_.-]/g, "-").slice(0, 80);
}

function slotCount(): number {
  const slots = Number(process.env.COPPICE_SLOTS || defaultSlots);
  return Number.isInteger(slots) && slots > 0 && slots <= 256 ? slots : defaultSlots;
}
