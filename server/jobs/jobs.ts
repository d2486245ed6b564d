import { sql } from "drizzle-orm";
import { fromDrizzle, PgBoss } from "pg-boss";
import type { Database, Executor } from "@/db/client";
import { createRunQueues } from "./queues";

/** The job engine of a process; only this folder looks inside. */
export interface Jobs {
  boss: PgBoss;
  close(): Promise<void>;
}

const producers = new WeakMap<Database["$client"], Promise<Jobs>>();

/** Ends the sending half of a database that is about to be closed. */
export async function closeProducerOf(db: Database): Promise<void> {
  const opened = producers.get(db.$client);
  producers.delete(db.$client);
  await (await opened)?.close();
}

/** The sending half over the given database's own pool, made once per pool. */
export function producerOf(db: Database): Promise<Jobs> {
  const known = producers.get(db.$client);
  if (known) return known;
  const opened = openProducer(db);
  producers.set(db.$client, opened);
  opened.catch(() => producers.delete(db.$client));
  return opened;
}

async function openProducer(db: Database): Promise<Jobs> {
  const boss = new PgBoss({
    db: fromDrizzle(db, sql),
    supervise: false,
    schedule: false,
    migrate: false,
    registerInstance: false,
  });
  reportErrorsOnce(boss, (message) => console.error(`jobs: ${message}`));
  await boss.start();
  await createRunQueues(boss);
  return { boss, close: () => boss.stop({ graceful: false }) };
}

export interface OpenWorkerJobs {
  url: string;
  workerName: string;
  log: (message: string) => void;
}

/** The whole engine for a worker: it also watches heartbeats, its own and other workers'. */
export async function openWorkerJobs(options: OpenWorkerJobs): Promise<Jobs> {
  const boss = new PgBoss({
    connectionString: options.url,
    max: 3,
    application_name: `coppice-jobs-${options.workerName}`.slice(0, 60),
    superviseIntervalSeconds: 3,
    monitorIntervalSeconds: 3,
    schedule: false,
    migrate: false,
  });
  reportErrorsOnce(boss, options.log);
  await boss.start();
  await createRunQueues(boss, options.workerName);
  return { boss, close: () => boss.stop({ graceful: false, timeout: 1_000 }) };
}

/** pg-boss repeats its error every second while the database is away: say each once in a row. */
function reportErrorsOnce(boss: PgBoss, log: (message: string) => void): void {
  let last = "";
  boss.on("error", (error) => {
    if (error.message === last) return;
    last = error.message;
    log(error.message);
  });
}

/** Lets a statement of the engine run inside our transaction. */
export function inside(executor: Executor) {
  return fromDrizzle(executor, sql);
}
