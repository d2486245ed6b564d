import { chown, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { chooseAccount } from "./choose-account";
import { createCluster } from "./create-cluster";
import { EmbeddedPostgresFailed } from "./errors";
import { inspectPostmaster, type Postmaster, pidFileOf } from "./inspect-postmaster";
import { keepPassword } from "./keep-password";
import { launchServer } from "./launch-server";
import { locateBinaries } from "./locate-binaries";
import { prepareFolder } from "./prepare-folder";
import { createDatabase, type Login, proveServer } from "./prove-server";
import { runTool, type Tools } from "./run-tool";
import { setPidFileAside } from "./set-pid-file-aside";

export interface EmbeddedPostgresOptions {
  /** Coppice's home; everything of the server lies in `<home>/postgres`. */
  home: string;
  log: (line: string) => void;
  /** False gives up safety for speed: for tests, whose data nobody misses. */
  isDurable?: boolean;
}

export interface EmbeddedPostgres {
  url: string;
  port: number;
  pid: number;
  /** The server ran already and was taken over. */
  isAdopted: boolean;
  isAlive(): boolean;
  /**
   * Stops the server in an orderly way. When it takes longer than `timeoutSeconds` it goes on
   * stopping by itself, and the next start waits for it.
   */
  stop(options?: { timeoutSeconds?: number }): Promise<void>;
}

interface Folder {
  data: string;
  logFile: string;
  portFile: string;
  tools: Tools;
  login: Login;
  isDurable: boolean;
  log: (line: string) => void;
}

const patienceMilliseconds = 120_000;
const pauseMilliseconds = 100;
const maxLaunches = 8;
const database = "coppice";

/**
 * Gives a running PostgreSQL that keeps its data below `home`: sets one up, starts it, or takes
 * over the one that runs there. The server outlives this process unless `stop` is called.
 *
 * Throws EmbeddedPostgresFailed when there can be none.
 */
export async function ensureEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const folder = await openFolder(options);
  const { postmaster, isAdopted } = await bringUp(folder);
  await createDatabase(folder.login, postmaster.port, database);
  const { user, password } = folder.login;
  return {
    url: `postgres://${user}:${password}@127.0.0.1:${postmaster.port}/${database}`,
    port: postmaster.port,
    pid: postmaster.pid,
    isAdopted,
    isAlive: () => ["ours", "unknown"].includes(inspectPostmaster(folder.data).state),
    stop: ({ timeoutSeconds = 30 } = {}) => stopServer(folder, timeoutSeconds),
  };
}

async function openFolder(options: EmbeddedPostgresOptions): Promise<Folder> {
  const account = chooseAccount();
  const root = await prepareFolder(options.home, account);
  const tools = { folder: await locateBinaries(root, account), account };
  const passwordFile = path.join(root, "password");
  const folder: Folder = {
    data: path.join(root, "data"),
    logFile: path.join(root, "postgres.log"),
    portFile: path.join(root, "port"),
    tools,
    login: { user: "coppice", password: await keepPassword(passwordFile), passwordFile },
    isDurable: options.isDurable ?? true,
    log: options.log,
  };
  await createCluster({ ...folder, ...folder.login });
  await writeFile(folder.logFile, "", { flag: "a", mode: 0o600 });
  if (account) await chown(folder.logFile, account.uid, account.gid);
  return folder;
}

/** Looks, acts, looks again, until a server is proved to be ours: others may act meanwhile. */
async function bringUp(folder: Folder) {
  const deadline = Date.now() + patienceMilliseconds;
  let launches = 0;
  while (Date.now() < deadline) {
    const { recorded, state } = inspectPostmaster(folder.data);
    if (state === "ours" || state === "unknown") {
      const proved = recorded && (await prove(folder, recorded));
      if (proved) return { postmaster: proved, isAdopted: launches === 0 };
      await delay(pauseMilliseconds); // starts up, recovers or shuts down
      continue;
    }
    if (state === "recycled" && recorded) {
      folder.log(`postmaster.pid names process ${recorded.pid}, which is not a server of ours`);
      await setPidFileAside(pidFileOf(folder.data), recorded.pid);
    }
    launches += 1;
    await launchServer(folder, { isLast: launches === maxLaunches });
    // What a killed server left behind may hold on to the data for a moment.
    await delay(inspectPostmaster(folder.data).state === "ours" ? 0 : 2 ** launches * 10);
  }
  throw new EmbeddedPostgresFailed(`PostgreSQL did not come up; its log is ${folder.logFile}.`);
}

async function prove(folder: Folder, recorded: Postmaster) {
  const { pid, port } = recorded;
  return port && (await proveServer(folder.login, port, folder.data)) ? { pid, port } : null;
}

async function stopServer(folder: Folder, timeoutSeconds: number): Promise<void> {
  const args = ["stop", "-D", folder.data, "-m", "fast", "-w", "-t", String(timeoutSeconds)];
  const { exitCode } = await runTool(folder.tools, "pg_ctl", args);
  if (exitCode !== 0 && inspectPostmaster(folder.data).state === "ours") {
    folder.log("PostgreSQL is still writing its last data; it ends by itself.");
  }
}
