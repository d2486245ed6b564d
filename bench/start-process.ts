import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

export interface StartedProcess {
  pid: number;
  /** What it said so far. */
  log: string[];
  /** Asks it to leave, and ends it when it has not within ten seconds. */
  stop(): Promise<void>;
}

export interface ProcessPlan {
  args: string[];
  folder: string;
  environment: NodeJS.ProcessEnv;
  isReady: (line: string) => boolean;
}

const patienceMs = 120_000;
const graceMs = 10_000;

/** Starts a Node program and waits until it says that it is ready, by a line or by IPC. */
export async function startProcess(plan: ProcessPlan): Promise<StartedProcess> {
  const child = spawn(process.execPath, plan.args, {
    cwd: plan.folder,
    env: plan.environment,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const log: string[] = [];
  const exit = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const ready = new Promise<void>((resolve, reject) => {
    child.once("message", () => resolve());
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`ended with ${code}:\n${log.join("\n")}`)));
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        for (const line of text.split("\n").filter(Boolean)) {
          log.push(line);
          if (plan.isReady(line)) resolve();
        }
      });
    }
  });
  const stop = () => stopChild(child, exit);
  try {
    await Promise.race([ready, tooLate(log)]);
  } catch (error) {
    await stop();
    throw error;
  }
  return { pid: child.pid ?? 0, log, stop };
}

async function tooLate(log: string[]): Promise<never> {
  await delay(patienceMs, undefined, { ref: false });
  throw new Error(`not ready within ${patienceMs / 1000} s:\n${log.join("\n")}`);
}

async function stopChild(child: ChildProcess, exit: Promise<void>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), graceMs);
  await exit;
  clearTimeout(timer);
}

export function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
