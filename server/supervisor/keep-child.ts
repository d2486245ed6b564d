import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { ChildKeepsFailing } from "./errors";

export interface ChildPlan {
  name: string;
  /** What follows `node` on the command line. Never a secret: anyone may read it. */
  args: string[];
  folder: string;
  /** Read anew at each start. */
  environment: () => NodeJS.ProcessEnv;
  log: (line: string) => void;
  /** The delay before the first restart; it doubles with each one that follows soon. */
  firstDelayMilliseconds?: number;
}

const longestDelayMilliseconds = 30_000;
const soundMilliseconds = 60_000;
const failuresBeforeReady = 3;

/** Starts a child process and keeps it running until it is stopped. */
export function keepChild(plan: ChildPlan): KeptChild {
  const child = new KeptChild(plan);
  child.start();
  return child;
}

export class KeptChild {
  /** Settles when the child says that it is ready, by message or by the line “<name> ready”. */
  readonly ready: Promise<void>;
  #settle: { resolve: () => void; reject: (error: Error) => void } | null = null;
  #process: ChildProcess | null = null;
  #failures = 0;
  #startedAt = 0;
  readonly #stopping = new AbortController();

  constructor(readonly plan: ChildPlan) {
    this.ready = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    this.ready.catch((error: Error) => plan.log(error.message));
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  start(): void {
    // A session of its own: Ctrl-C reaches the supervisor alone, which then stops things in order.
    // The channel tells the child when the supervisor is gone.
    const child = spawn(process.execPath, this.plan.args, {
      cwd: this.plan.folder,
      env: this.plan.environment(),
      detached: true,
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    this.#process = child;
    this.#startedAt = Date.now();
    for (const stream of [child.stdout, child.stderr]) this.#readLines(stream);
    child.on("message", (message) => this.#hear(message));
    child.on("error", (error) => {
      this.plan.log(error.message);
      if (child.pid === undefined) this.#restart("it could not be started");
    });
    // Not “close”: whoever inherited its streams may outlive it.
    child.on("exit", (code, signal) => this.#restart(code ?? signal));
  }

  /** The child is known to work: from now on it is restarted for ever. */
  markReady(): void {
    this.#settle?.resolve();
    this.#settle = null;
  }

  /** Ends the present process; the next one reads its environment anew. */
  renew(): void {
    this.#process?.kill("SIGTERM");
  }

  /** Asks the child to leave, and kills it when it has not after `graceMilliseconds`. */
  async stop(graceMilliseconds: number): Promise<void> {
    this.#stopping.abort();
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), graceMilliseconds);
    await gone;
    clearTimeout(timer);
  }

  #readLines(stream: NodeJS.ReadableStream | null): void {
    if (!stream) return;
    createInterface({ input: stream }).on("line", (line) => {
      this.plan.log(line);
      if (line.endsWith(`${this.plan.name} ready`)) this.markReady();
    });
  }

  #hear(message: unknown): void {
    const isReady =
      message === "ready" ||
      (typeof message === "object" && message && "type" in message && message.type === "ready");
    if (isReady) this.markReady();
  }

  async #restart(ending: number | string | null): Promise<void> {
    if (this.#stopping.signal.aborted) return;
    const wasSound = Date.now() - this.#startedAt > soundMilliseconds;
    this.#failures = wasSound ? 1 : this.#failures + 1;
    if (this.#settle && this.#failures >= failuresBeforeReady) {
      this.#settle.reject(new ChildKeepsFailing(this.plan.name, this.#failures));
      return;
    }
    const first = this.plan.firstDelayMilliseconds ?? 500;
    const pause = Math.min(first * 2 ** (this.#failures - 1), longestDelayMilliseconds);
    this.plan.log(`ended (${ending}); starting it again in ${pause / 1000} s`);
    try {
      await delay(pause, undefined, { signal: this.#stopping.signal });
    } catch (error) {
      if (this.#stopping.signal.aborted) return;
      throw error;
    }
    this.start();
  }
}
