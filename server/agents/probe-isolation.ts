import { execFile } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import type { Isolation } from "@/server/domain/confinement";
import { describeError } from "@/server/domain/errors";
import { hasCode } from "./has-code";

export interface IsolationFacts {
  /** The best that this host can do. */
  isolation: Isolation;
  bubblewrap: { path: string; version: string } | null;
  /** The command that makes a pid namespace where bubblewrap cannot. */
  unshare: { path: string; flags: string[] } | null;
  /** For people: what works, and why not more. */
  why: string;
}

let probed: Promise<IsolationFacts> | undefined;

/** Finds out by real trials, once per process, how agents can be confined on this host. */
export function probeIsolation(): Promise<IsolationFacts> {
  probed ??= runProbes(process.env.PATH ?? "");
  return probed;
}

/** The trials themselves, for one search path. */
export async function runProbes(searchPath: string): Promise<IsolationFacts> {
  const bubblewrap = await probeBubblewrap(searchPath);
  if (bubblewrap.works) {
    const { path, version } = bubblewrap;
    const why = `bubblewrap ${version} works here.`;
    return { isolation: "bubblewrap", bubblewrap: { path, version }, unshare: null, why };
  }
  const unshare = await probeUnshare(searchPath);
  if (unshare) {
    const why = `${bubblewrap.why} A pid namespace works, so every process of a run can be ended.`;
    return { isolation: "pid-namespace", bubblewrap: null, unshare, why };
  }
  const why = `${bubblewrap.why} No pid namespace can be made either; only a sweep ends a run's processes.`;
  return { isolation: "none", bubblewrap: null, unshare: null, why };
}

type BubblewrapProbe =
  | { works: true; path: string; version: string }
  | { works: false; why: string };

async function probeBubblewrap(searchPath: string): Promise<BubblewrapProbe> {
  const path = findExecutable("bwrap", searchPath);
  if (!path) return { works: false, why: "bubblewrap is not installed." };
  try {
    const version = (await run([path, "--version"])).replace(/^bubblewrap\s*/, "").trim();
    const flags = [...namespaceFlags, "--cap-drop", "ALL", "--proc", "/proc", "--dev", "/dev"];
    const trial = [path, ...flags, "--ro-bind", "/", "/", "--tmpfs", "/tmp"];
    await run([...trial, "/bin/sh", "-c", "test ! -w /proc/sys && test $$ -lt 10"]);
    return { works: true, path, version };
  } catch (error) {
    const detail = describeError(error).split("\n").at(-2) ?? "";
    return { works: false, why: `bubblewrap is installed but does not work here (${detail}).` };
  }
}

/** What every sandbox has; the network is kept, for the agent must reach its model. */
export const namespaceFlags = [
  "--unshare-pid",
  "--unshare-ipc",
  "--unshare-uts",
  "--unshare-cgroup-try",
  "--die-with-parent",
  "--new-session",
];

async function probeUnshare(searchPath: string): Promise<IsolationFacts["unshare"]> {
  const path = findExecutable("unshare", searchPath);
  if (!path) return null;
  const flags = ["--pid", "--fork", "--mount-proc", "--kill-child"];
  const users =
    process.getuid?.() === 0
      ? [[]]
      : [
          ["--user", "--map-current-user"],
          ["--user", "--map-root-user"],
        ];
  for (const user of users) {
    const works = await run([path, ...user, ...flags, "/bin/sh", "-c", "test $$ = 1"]).then(
      () => true,
      () => false,
    );
    if (works) return { path, flags: [...user, ...flags] };
  }
  return null;
}

async function run([program, ...args]: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(program ?? "", args, { timeout: 5000 });
  return stdout;
}

/** The first executable of that name along a search path. */
export function findExecutable(name: string, searchPath: string): string | null {
  for (const folder of searchPath.split(delimiter)) {
    if (!folder.startsWith("/")) continue;
    const path = join(folder, name);
    if (isExecutable(path)) return path;
  }
  return null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch (error) {
    if (hasCode(error, "ENOENT", "EACCES", "ENOTDIR", "ELOOP")) return false;
    throw error;
  }
}
