import { execFileSync } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";
import path from "node:path";
import { hasErrorCode } from "./errors";

export interface Postmaster {
  pid: number;
  /** Null while the server has not written that far. */
  port: number | null;
}

export interface Inspection {
  /** What `postmaster.pid` names; null when there is no such file. */
  recorded: Postmaster | null;
  /**
   * `ours`: the recorded process serves this folder. `gone`: no such process. `recycled`: the pid
   * is taken by another process of ours, or by a zombie. `unknown`: this platform does not tell.
   */
  state: "ours" | "gone" | "recycled" | "unknown";
}

/** Reads who serves the data folder. `data` must be a real path. */
export function inspectPostmaster(data: string): Inspection {
  const recorded = readPidFile(pidFileOf(data));
  if (!recorded) return { recorded, state: "gone" };
  return { recorded, state: inspectProcess(recorded.pid, data) };
}

export function pidFileOf(data: string): string {
  return path.join(data, "postmaster.pid");
}

export function readPidFile(file: string): Postmaster | null {
  try {
    const lines = readFileSync(file, "utf8").split("\n");
    const pid = Number(lines[0]);
    return pid > 0 ? { pid, port: Number(lines[3]) || null } : null;
  } catch (error) {
    if (hasErrorCode(error, "ENOENT")) return null;
    throw error;
  }
}

function inspectProcess(pid: number, data: string): Inspection["state"] {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: another user's process, which PostgreSQL itself sees through.
    if (hasErrorCode(error, "ESRCH", "EPERM")) return "gone";
    throw error;
  }
  return process.platform === "linux" ? inspectProc(pid, data) : inspectCommand(pid, data);
}

/** A postmaster's working folder is its data folder. A zombie has none, yet PostgreSQL respects it. */
function inspectProc(pid: number, data: string): Inspection["state"] {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === data ? "ours" : "recycled";
  } catch (error) {
    if (hasErrorCode(error, "ENOENT", "ESRCH")) return "recycled";
    if (hasErrorCode(error, "EACCES", "EPERM")) return "unknown";
    throw error;
  }
}

function inspectCommand(pid: number, data: string): Inspection["state"] {
  try {
    const command = execFileSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" });
    return command.includes(data) ? "ours" : "recycled";
  } catch (error) {
    // ps is missing, or the process left meanwhile: the next look tells.
    if (error instanceof Error) return "unknown";
    throw error;
  }
}
