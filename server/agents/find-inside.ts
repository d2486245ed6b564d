import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { sep } from "node:path";
import { hasCode } from "./has-code";
import { identifyProcess } from "./process-identity";

export interface ProcessInside {
  pid: number;
  /** The program's short name. */
  name: string;
}

/**
 * Living processes whose working folder lies in `folder`. They may be an agent's that wiped its
 * environment, or a person's shell: they are named, and never ended.
 */
export function findInside(folder: string): ProcessInside[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => isInside(pid, folder) && identifyProcess(pid) !== null)
    .map((pid) => ({ pid, name: readName(pid) }));
}

function isInside(pid: number, folder: string): boolean {
  const at = orNull(() => readlinkSync(`/proc/${pid}/cwd`));
  return at === folder || (at?.startsWith(`${folder}${sep}`) ?? false);
}

function readName(pid: number): string {
  return orNull(() => readFileSync(`/proc/${pid}/comm`, "utf8").trim()) ?? "unknown";
}

/** Ended meanwhile, or another user's, which no process of ours can be. */
function orNull(look: () => string): string | null {
  try {
    return look();
  } catch (error) {
    if (hasCode(error, "ENOENT", "ESRCH", "EACCES", "EPERM")) return null;
    throw error;
  }
}
