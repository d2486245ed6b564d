import { readdirSync, readFileSync } from "node:fs";

export interface ListedProcess {
  pid: number;
  parent: number;
  state: string;
  startTime: string;
  command: string;
  environment: string[];
}

/** Every process of this host that can be read; zombies have no environment. */
export function listProcesses(): ListedProcess[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readProcess(Number(name)) ?? []);
}

export function readProcess(pid: number): ListedProcess | null {
  const stat = readText(`/proc/${pid}/stat`);
  if (!stat) return null;
  // The name in field 2 may hold blanks and brackets.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return {
    pid,
    state: fields[0] ?? "",
    parent: Number(fields[1]),
    startTime: fields[19] ?? "",
    command: readText(`/proc/${pid}/cmdline`).replaceAll("\0", " ").trim(),
    environment: readText(`/proc/${pid}/environ`).split("\0"),
  };
}

/** Empty for a process that has ended meanwhile, or is another user's. */
function readText(file: string): string {
  try {
    return readFileSync(file, "latin1");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (["ENOENT", "ESRCH", "EACCES", "EPERM"].includes(code ?? "")) return "";
    throw error;
  }
}
