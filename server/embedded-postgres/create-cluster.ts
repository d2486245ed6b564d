import { existsSync } from "node:fs";
import { chown, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { EmbeddedPostgresFailed, hasErrorCode } from "./errors";
import { nameBeside } from "./name-beside";
import { runTool, type Tools } from "./run-tool";

const majorVersion = "18";

export interface ClusterPlan {
  tools: Tools;
  /** The data folder to be. */
  data: string;
  user: string;
  password: string;
  isDurable: boolean;
}

/**
 * Makes the data folder unless it exists: initdb runs beside it and the result is renamed into
 * place, so that a kill leaves no half cluster and several launchers may race.
 */
export async function createCluster(plan: ClusterPlan): Promise<void> {
  if (existsSync(plan.data)) return assertVersion(plan.data);
  const half = nameBeside(plan.data);
  const passwordFile = `${half}.password`;
  try {
    await initialize(plan, half, passwordFile);
    await rename(half, plan.data);
  } catch (error) {
    // A sibling's cluster counts as well as ours.
    if (!hasErrorCode(error, "ENOTEMPTY", "EEXIST", "EPERM")) throw error;
    await assertVersion(plan.data);
  } finally {
    await rm(passwordFile, { force: true });
    await rm(half, { recursive: true, force: true });
  }
}

async function initialize(plan: ClusterPlan, folder: string, passwordFile: string) {
  const { account } = plan.tools;
  await mkdir(folder, { mode: 0o700 });
  await writeFile(passwordFile, `${plan.password}\n`, { mode: 0o600 });
  if (account) {
    await chown(folder, account.uid, account.gid);
    await chown(passwordFile, account.uid, account.gid);
  }
  const { exitCode, output } = await runTool(plan.tools, "initdb", [
    ...["-D", folder, "-U", plan.user, "-A", "scram-sha-256", `--pwfile=${passwordFile}`],
    // Independent of the host's locales.
    ...["--encoding=UTF8", "--no-locale", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"],
    ...["--no-instructions", ...(plan.isDurable ? [] : ["--no-sync"])],
  ]);
  if (exitCode === 0) return;
  throw new EmbeddedPostgresFailed(`PostgreSQL could not set up ${plan.data}:\n${output.trim()}`, {
    facts: { exitCode },
  });
}

async function assertVersion(data: string): Promise<void> {
  const version = (await readFile(path.join(data, "PG_VERSION"), "utf8")).trim();
  if (version === majorVersion) return;
  throw new EmbeddedPostgresFailed(
    `${data} was written by PostgreSQL ${version}; this Coppice brings PostgreSQL ${majorVersion}.`,
    { hint: "Start the Coppice that wrote it, or set DATABASE_URL to a server of that version." },
  );
}
