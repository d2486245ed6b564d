import { readFile } from "node:fs/promises";

export interface ProcessIdentity {
  pid: number;
  /** Clock ticks since boot, where the system tells; a pid alone is used again after a while. */
  startTicks: string | null;
  bootId: string | null;
}

/** Names a living process so that no later one is taken for it; null when there is no such process. */
export async function identifyProcess(pid: number): Promise<ProcessIdentity | null> {
  if (!isAlive(pid)) return null;
  const stat = await readIfThere(`/proc/${pid}/stat`);
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
  if (fields?.[0] === "Z") return null;
  const bootId = await readIfThere("/proc/sys/kernel/random/boot_id");
  return { pid, startTicks: fields?.[19] ?? null, bootId: bootId?.trim() ?? null };
}

export async function isSameProcessAlive(known: ProcessIdentity): Promise<boolean> {
  const present = await identifyProcess(known.pid);
  return present?.startTicks === known.startTicks && present.bootId === known.bootId;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ESRCH") return null;
    throw error;
  }
}
