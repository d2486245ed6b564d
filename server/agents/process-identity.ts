import { readFileSync } from "node:fs";
import { hasCode } from "./has-code";

/** What names one process for ever: a pid alone is used again. */
export interface ProcessIdentity {
  pid: number;
  /** Clock ticks from boot to its start: field 22 of `/proc/<pid>/stat`. */
  startTime: number;
  bootId: string;
}

/** Who has `pid` now; null when nobody has, or only a zombie. */
export function identifyProcess(pid: number): ProcessIdentity | null {
  const fields = readStat(pid);
  if (!fields || fields.state === "Z" || fields.state === "X") return null;
  return { pid, startTime: fields.startTime, bootId: readBootId() };
}

/** Whether this very process still runs; a zombie does not. */
export function isAlive(identity: ProcessIdentity): boolean {
  const now = identifyProcess(identity.pid);
  return now?.startTime === identity.startTime && now.bootId === identity.bootId;
}

/** `sysconf(_SC_CLK_TCK)`: 100 wherever Node runs on Linux. */
const ticksPerSecond = 100;

/**
 * How long a process has lived, in seconds of the host's uptime, which no setting of the clock moves; null
 * when the host was booted since.
 */
export function measureAge({ startTime, bootId }: Omit<ProcessIdentity, "pid">): number | null {
  if (bootId !== readBootId()) return null;
  const [uptime = ""] = readFileSync("/proc/uptime", "latin1").split(" ");
  return Math.max(0, Number(uptime) - startTime / ticksPerSecond);
}

/** The process group of a living process, as the host sees it. */
export function readProcessGroup(pid: number): number | null {
  return readStat(pid)?.group ?? null;
}

/** The parent of a living process. */
export function readParent(pid: number): number | null {
  return readStat(pid)?.parent ?? null;
}

let bootId: string | undefined;

function readBootId(): string {
  bootId ??= readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  return bootId;
}

interface Stat {
  state: string;
  parent: number;
  group: number;
  startTime: number;
}

/** The name in field 2 may hold blanks and brackets, so fields are counted from the last bracket. */
function readStat(pid: number): Stat | null {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, "latin1");
  } catch (error) {
    if (hasCode(error, "ENOENT", "ESRCH")) return null;
    throw error;
  }
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return {
    state: fields[0] ?? "",
    parent: Number(fields[1]),
    group: Number(fields[2]),
    startTime: Number(fields[19]),
  };
}
