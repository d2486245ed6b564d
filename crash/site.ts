import { mkdirSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { asc } from "drizzle-orm";
import { connectDatabase, type Database } from "@/db/client";
import { isDatabaseAway } from "@/db/errors";
import { runs } from "@/db/schema";
import { closeProducerOf } from "@/server/jobs/jobs";
import type { VerbContext } from "@/server/runs/context";
import type { Programs } from "./bundle-programs";
import type { Cluster } from "./open-cluster";
import { type Program, startProgram } from "./start-program";
import { tester } from "./tester";

/** What the cases of one lane share: one after another they use its PostgreSQL. */
export interface Lane {
  projectFolder: string;
  folder: string;
  programs: Programs;
  cluster: Cluster;
  token: string;
  /** Where the lane's web listens, the same after each restart. */
  port: number;
}

const patienceMs = 90_000;
const pollMs = 10;

/** One installation with a database, a home, a worker and perhaps a web; for one case. */
export class Site {
  readonly home: string;
  readonly evidence: string;
  /** Where a process that holds at a crash point says so. */
  readonly mark: string;
  readonly startedAt = performance.now();
  /** Set by whoever knows that the case cannot come to its end. */
  failure: Error | null = null;
  worker: Program | null = null;
  web: Program | null = null;
  readonly #log: string[] = [];

  private constructor(
    readonly lane: Lane,
    readonly folder: string,
    readonly databaseUrl: string,
    readonly db: Database,
  ) {
    this.home = path.join(folder, "home");
    this.evidence = path.join(folder, "evidence");
    this.mark = path.join(folder, "mark");
    for (const made of [this.home, this.evidence]) mkdirSync(made, { recursive: true });
  }

  static async open(lane: Lane, name: string): Promise<Site> {
    const databaseUrl = await lane.cluster.createDatabase(name);
    const onError = () => {}; // it is killed on purpose, and every query says so again
    const db = connectDatabase({ url: databaseUrl, maxConnections: 4, name: "crash", onError });
    return new Site(lane, path.join(lane.folder, name), databaseUrl, db);
  }

  context(): VerbContext {
    return { db: this.db, actor: tester, now: new Date() };
  }

  async startWorker(environment: Record<string, string> = {}): Promise<Program> {
    this.worker = await this.#start(this.lane.programs.worker, {
      COPPICE_WORKER_NAME: "crash",
      COPPICE_SLOTS: "2",
      ...environment,
    });
    return this.worker;
  }

  async startWeb(environment: Record<string, string> = {}): Promise<Program> {
    const port = String(this.lane.port);
    this.web = await this.#start(this.lane.programs.web, { PORT: port, ...environment });
    return this.web;
  }

  #start(file: string, environment: Record<string, string>): Promise<Program> {
    return startProgram({
      file,
      folder: this.lane.projectFolder,
      environment: { DATABASE_URL: this.databaseUrl, COPPICE_HOME: this.home, ...environment },
      log: (text) => this.#log.push(text),
    });
  }

  say(text: string): void {
    this.#log.push(`${text}\n`);
  }

  /** What all its processes said, from the first on. */
  get log(): string {
    return this.#log.join("");
  }

  /** Looks again and again, also over an outage of the database, until there is something. */
  async until<Found>(
    what: string,
    look: () => Promise<Found> | Found,
  ): Promise<NonNullable<Found>> {
    for (;;) {
      const found = await this.patiently(look);
      if (found) return found as NonNullable<Found>;
      if (this.failure) throw this.failure;
      if (performance.now() - this.startedAt > patienceMs)
        throw new Error(`it never came: ${what}`);
      await delay(pollMs);
    }
  }

  /** Null while the database is away. */
  async patiently<Found>(look: () => Promise<Found> | Found): Promise<Found | null> {
    try {
      return await look();
    } catch (error) {
      if (isDatabaseAway(error)) return null;
      throw error;
    }
  }

  /** All runs, the first one first. */
  async runs() {
    return this.db.select().from(runs).orderBy(asc(runs.number));
  }

  /** Ends what was started here. */
  async stop(): Promise<void> {
    await Promise.all(
      [this.worker, this.web].map((program) => !program?.isGone() && program?.kill("SIGTERM")),
    );
  }

  async close(): Promise<void> {
    await closeProducerOf(this.db);
    await this.db.$client.end();
  }
}
