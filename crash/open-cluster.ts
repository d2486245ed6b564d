import { chmodSync, mkdirSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { connectDatabase } from "@/db/client";
import { migrateDatabase } from "@/db/migrate";
import { repositories } from "@/db/schema";
import type { WorkflowDefinition } from "@/server/domain/workflow";
import {
  type EmbeddedPostgres,
  ensureEmbeddedPostgres,
} from "@/server/embedded-postgres/ensure-embedded-postgres";
import { closeProducerOf } from "@/server/jobs/jobs";
import { prepareInstallation } from "@/server/supervisor/prepare-installation";
import { createWorkflow } from "@/server/workflows/create-workflow";
import { listProcesses } from "./list-processes";
import { tester } from "./tester";

/** What every database of a cluster begins with. */
export interface Seed {
  token: string;
  origin: string;
  workflows: (Partial<WorkflowDefinition> & { name: string })[];
}

/** A PostgreSQL of its own, as safe as the product's, whose databases begin prepared. */
export interface Cluster {
  createDatabase(name: string): Promise<string>;
  /** Its processes but the first, which all others are children of. */
  listBackends(): number[];
  /** `pg_ctl stop -m immediate`: no farewell, and recovery at the next start. */
  stopAtOnce(): Promise<void>;
  /** SIGKILL to all of its processes. */
  kill(): Promise<void>;
  start(): Promise<void>;
  end(): Promise<void>;
}

const template = "prepared";

export async function openCluster(folder: string, seed: Seed): Promise<Cluster> {
  mkdirSync(folder);
  chmodSync(folder, 0o711); // for root, PostgreSQL runs as another account, which has to pass
  const start = () => ensureEmbeddedPostgres({ home: folder, log: () => {} });
  let server = await start();
  await onDatabase(server.url, `create database ${template}`);
  await prepareTemplate(urlOf(server, template), path.join(folder, "template"), seed);
  return {
    createDatabase: async (name) => {
      // Until a checkpoint PostgreSQL forgets, in a crash, how far a copied sequence has counted.
      await onDatabase(server.url, `create database ${name} template ${template}`, "checkpoint");
      return urlOf(server, name);
    },
    listBackends: () => listChildren(server.pid),
    stopAtOnce: async () => {
      process.kill(server.pid, "SIGQUIT");
      await untilDown(server);
    },
    kill: async () => {
      for (const pid of [server.pid, ...listChildren(server.pid)]) killNow(pid);
      await untilDown(server);
    },
    start: async () => {
      const { port } = server;
      server = await start();
      if (server.port !== port) throw new Error(`PostgreSQL moved from ${port} to ${server.port}`);
    },
    end: () => server.stop(),
  };
}

async function prepareTemplate(url: string, home: string, seed: Seed): Promise<void> {
  await migrateDatabase(url);
  const publicUrl = "http://127.0.0.1:3000";
  mkdirSync(home, { recursive: true });
  await prepareInstallation({ databaseUrl: url, home, publicUrl, setupToken: seed.token });
  const db = connectDatabase({
    url,
    maxConnections: 1,
    name: "crash-seed",
    onError: console.error,
  });
  const { origin, workflows } = seed;
  await db
    .insert(repositories)
    .values({ name: "origin", origin, defaultBranch: "main", createdBy: "member:tester" });
  for (const workflow of workflows) {
    await createWorkflow({ db, actor: tester, now: new Date() }, { agent: "shell", ...workflow });
  }
  await closeProducerOf(db);
  await db.$client.end();
}

function urlOf(server: EmbeddedPostgres, database: string): string {
  return Object.assign(new URL(server.url), { pathname: `/${database}` }).href;
}

async function onDatabase(url: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

async function untilDown(server: EmbeddedPostgres): Promise<void> {
  while (server.isAlive()) await delay(10);
}

const listChildren = (of: number) =>
  listProcesses().flatMap(({ pid, parent }) => (parent === of ? [pid] : []));

/** It may have ended by itself a moment ago. */
function killNow(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
