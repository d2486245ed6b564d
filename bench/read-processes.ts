import { readdirSync, readFileSync } from "node:fs";

export interface Memory {
  /** Resident, in MiB: what is shared is counted in every process. */
  rssMib: number;
  /** Proportional, in MiB: what is shared is counted once in all. */
  pssMib: number;
}

/** The processes that a process started and that still live. */
export function listChildren(parent: number): { pid: number; command: string }[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => readParent(pid) === parent)
    .map((pid) => ({ pid, command: readText(`/proc/${pid}/cmdline`).replaceAll("\0", " ") }));
}

/** The memory of a process and of all that it started. */
export function readMemory(root: number): Memory {
  const below = listChildren(root).map(({ pid }) => readMemory(pid));
  return below.reduce(addMemory, readOwnMemory(root));
}

/** The memory of one process alone. */
export function readOwnMemory(pid: number): Memory {
  const text = readText(`/proc/${pid}/smaps_rollup`);
  return { rssMib: readMib(text, "Rss"), pssMib: readMib(text, "Pss") };
}

export function addMemory(left: Memory, right: Memory): Memory {
  return { rssMib: left.rssMib + right.rssMib, pssMib: left.pssMib + right.pssMib };
}

function readMib(text: string, field: string): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+)`, "m").exec(text)?.[1] ?? 0) / 1024;
}

/** The name in field 2 may hold blanks and brackets. */
function readParent(pid: number): number {
  const fields = readText(`/proc/${pid}/stat`).split(")").at(-1)?.trim().split(" ");
  return Number(fields?.[1] ?? 0);
}

/** Empty for a process that has ended meanwhile. */
function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ESRCH") return "";
    throw error;
  }
}
