import { mkdirSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Database } from "@/db/client";
import type { Programs } from "../crash/bundle-programs";
import type { Cluster } from "../crash/open-cluster";
import { type Program, startProgram } from "../crash/start-program";

export interface FleetPlan {
  projectFolder: string;
  folder: string;
  programs: Programs;
  cluster: Cluster;
  databaseUrl: string;
  db: Database;
  token: string;
  port: number;
}

export const workerNames = ["ash", "birch", "cedar"] as const;
const restartMs = 500;

/** Three workers with homes of their own and one web, each started again when it ends. */
export class Fleet {
  readonly url: string;
  readonly evidence: string;
  readonly log: string[] = [];
  #isEnding = false;
  readonly #programs = new Map<string, Program>();
  readonly #keeping: Promise<void>[] = [];

  constructor(readonly plan: FleetPlan) {
    this.url = `http://127.0.0.1:${plan.port}`;
    this.evidence = path.join(plan.folder, "evidence");
    mkdirSync(this.evidence);
    for (const name of workerNames) mkdirSync(this.homeOf(name));
  }

  homeOf(worker: string): string {
    return path.join(this.plan.folder, worker);
  }

  /** Settles when all are ready for the first time. */
  async start(): Promise<void> {
    for (const name of ["web", ...workerNames]) {
      await this.#start(name);
      this.#keeping.push(this.#keep(name));
    }
  }

  signal(name: string, signal: NodeJS.Signals): void {
    const program = this.#programs.get(name);
    if (program && !program.isGone()) process.kill(program.pid, signal);
  }

  /** Stops all of them in order; nothing is started again. */
  async stop(): Promise<void> {
    this.#isEnding = true;
    const gone = [...this.#programs.values()].map((program) => program.gone);
    for (const name of this.#programs.keys()) {
      this.signal(name, "SIGCONT");
      this.signal(name, "SIGTERM");
    }
    await Promise.all([...gone, ...this.#keeping]);
  }

  async #keep(name: string): Promise<void> {
    for (;;) {
      await this.#programs.get(name)?.gone;
      if (!this.#isEnding) await delay(restartMs);
      if (this.#isEnding) return;
      await this.#start(name);
    }
  }

  async #start(name: string): Promise<void> {
    const { projectFolder, programs, databaseUrl, port } = this.plan;
    const isWeb = name === "web";
    const own = isWeb ? { PORT: `${port}` } : { COPPICE_WORKER_NAME: name, COPPICE_SLOTS: "2" };
    const home = this.homeOf(isWeb ? workerNames[0] : name);
    const environment = { ...own, DATABASE_URL: databaseUrl, COPPICE_HOME: home };
    const say = (text: string) => this.log.push(`${name}: ${text}`);
    const file = isWeb ? programs.web : programs.worker;
    const program = await startProgram({ file, folder: projectFolder, environment, log: say });
    this.#programs.set(name, program);
    if (this.#isEnding) this.signal(name, "SIGTERM");
  }
}
