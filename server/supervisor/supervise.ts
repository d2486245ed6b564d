import path from "node:path";
import { migrateDatabase } from "@/db/migrate";
import { describeError } from "@/server/domain/errors";
import { awaitHealth } from "./await-health";
import { claimPort } from "./claim-port";
import { StartRefused } from "./errors";
import { holdLock, LockHeld } from "./hold-lock.mjs";
import { type KeptChild, keepChild } from "./keep-child";
import { type OpenDatabase, openDatabase } from "./open-database";
import { prepareHome } from "./prepare-home";
import { prepareInstallation } from "./prepare-installation";
import type { Settings } from "./read-settings";

// All are gone within five seconds: web and worker have this long to leave, PostgreSQL has the rest.
const stopMilliseconds = 4_800;
const graceMilliseconds = 3_500;
const abandonedPortMilliseconds = 5_000;

export interface Supervision {
  settings: Settings;
  /** Where package.json lies. */
  projectFolder: string;
  /** Fires when everything is to stop. */
  signal: AbortSignal;
  print: (line: string) => void;
}

/**
 * Owns the life of an installation on this host: database, migrations, web and worker, until the
 * signal fires; then stops them in the opposite order. Agents go on.
 *
 * Throws StartRefused or ChildKeepsFailing when it cannot be started.
 */
export async function supervise(supervision: Supervision): Promise<void> {
  const { settings, signal, print } = supervision;
  const home = await prepareHome(settings.home);
  const lock = settings.role === "web" ? null : holdHome(home);
  try {
    const patience = lock?.wasAbandoned ? abandonedPortMilliseconds : 0;
    if (settings.role !== "worker") await claimPort(settings.host, settings.port, patience);
    let stopBy = Number.POSITIVE_INFINITY;
    signal.addEventListener("abort", () => {
      stopBy = Date.now() + stopMilliseconds;
    });
    const database = await openDatabase(settings.databaseUrl, home, print);
    try {
      signal.throwIfAborted();
      const setupUrl = await prepareData(supervision, database.url(), home);
      signal.throwIfAborted();
      await runChildren(supervision, database, home, setupUrl);
    } finally {
      const secondsLeft = Math.floor((stopBy - Date.now()) / 1000);
      await database.close(Math.min(Math.max(secondsLeft, 1), 30));
    }
  } finally {
    lock?.release();
  }
}

function holdHome(home: string) {
  try {
    return holdLock(path.join(home, "supervisor.lock"));
  } catch (error) {
    if (!(error instanceof LockHeld)) throw error;
    throw new StartRefused(`Coppice runs already on ${home} (process ${error.pid}).`, {
      hint: "Stop that one first, or give this one a home of its own in COPPICE_HOME.",
      cause: error,
    });
  }
}

async function prepareData({ settings, print }: Supervision, databaseUrl: string, home: string) {
  print("Bringing the database up to date…");
  try {
    await migrateDatabase(databaseUrl);
  } catch (cause) {
    throw new StartRefused(`The database cannot be brought up to date: ${describeError(cause)}`, {
      hint: settings.databaseUrl
        ? "Check that DATABASE_URL is right and that its account may create tables and schemas."
        : `The log of the embedded PostgreSQL lies in ${path.join(home, "postgres")}.`,
      cause,
    });
  }
  const { publicUrl } = settings;
  const { setupUrl } = await prepareInstallation({ databaseUrl, home, publicUrl });
  return setupUrl;
}

async function runChildren(
  supervision: Supervision,
  database: OpenDatabase,
  home: string,
  setupUrl: string | null,
): Promise<void> {
  const { settings, signal, print } = supervision;
  print(settings.role === "all" ? "Starting web and worker…" : `Starting the ${settings.role}…`);
  const children = startChildren(supervision, database, home);
  try {
    await awaitReady(children, settings, signal);
    database.watch(() => children.forEach((child) => void child.renew()));
    announce(settings, setupUrl, print);
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  } finally {
    await Promise.all(children.map((child) => child.stop(graceMilliseconds)));
  }
}

function startChildren(
  { settings, projectFolder, print }: Supervision,
  database: OpenDatabase,
  home: string,
): KeptChild[] {
  const { host, port, isDev, role } = settings;
  const next = ["node_modules/next/dist/bin/next", isDev ? "dev" : "start"];
  const commands = {
    web: [...next, "-H", host, "-p", String(port)],
    worker: ["--enable-source-maps", "dist/worker.mjs"],
  };
  const names = role === "all" ? (["web", "worker"] as const) : [role];
  return names.map((name) =>
    keepChild({
      name,
      args: commands[name],
      folder: projectFolder,
      environment: () => childEnvironment(settings, database.url(), home),
      log: (line) => print(`${name.padEnd(6)} | ${line}`),
    }),
  );
}

/** The one-time token is the supervisor's alone: it is in the database, hashed, by now. */
function childEnvironment(settings: Settings, databaseUrl: string, home: string) {
  const { COPPICE_SETUP_TOKEN: _, ...inherited } = process.env;
  return {
    ...inherited,
    NODE_ENV: settings.isDev ? ("development" as const) : ("production" as const),
    DATABASE_URL: databaseUrl,
    COPPICE_HOME: home,
    COPPICE_URL: settings.publicUrl,
    HOST: settings.host,
    PORT: String(settings.port),
    NEXT_TELEMETRY_DISABLED: "1",
  };
}

async function awaitReady(children: KeptChild[], settings: Settings, signal: AbortSignal) {
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  const web = children.find((child) => child.plan.name === "web");
  const given = new AbortController();
  const either = AbortSignal.any([signal, given.signal]);
  const healthy = web && awaitHealth(probeUrl(settings), either).then(() => web.markReady());
  try {
    await Promise.race([Promise.all([healthy, ...children.map((child) => child.ready)]), aborted]);
  } finally {
    given.abort();
  }
}

/** A wildcard address is listened on, not called. */
function probeUrl({ localUrl, port, host }: Settings): string {
  return host === "0.0.0.0" || host === "::" ? `http://127.0.0.1:${port}` : localUrl;
}

function announce(settings: Settings, setupUrl: string | null, print: (line: string) => void) {
  if (settings.role === "worker") return print("The Coppice worker is ready.");
  print(`Coppice is ready: ${settings.localUrl}`);
  if (settings.publicUrl !== settings.localUrl) print(`People reach it at ${settings.publicUrl}`);
  if (setupUrl !== null) print(`Set up the first account: ${setupUrl}`);
}
