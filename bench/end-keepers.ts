import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/**
 * Ends the keepers below a home whose worker is gone, and with them their agents: they outlive Coppice
 * on purpose, and a bench that was interrupted leaves some.
 */
export function endKeepers(home: string): void {
  const attempts = path.join(home, "attempts");
  if (!existsSync(attempts)) return;
  for (const name of readdirSync(attempts, { recursive: true, encoding: "utf8" })) {
    const folder = path.dirname(path.join(attempts, name));
    if (path.basename(name) !== "keeper" || existsSync(path.join(folder, "exit"))) continue;
    const pid = Number.parseInt(readFileSync(path.join(attempts, name), "utf8"), 10);
    if (isKeeper(pid, folder)) process.kill(-pid, "SIGKILL");
  }
}

/** The number may be another process's by now: a keeper's command names its folder. */
function isKeeper(pid: number, folder: string): boolean {
  try {
    return pid > 1 && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(`${folder}/`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}
