import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { attempts } from "@/db/schema";
import { controlFiles } from "@/server/agents/control-folder";
import { readProcess } from "./list-processes";
import type { Site } from "./site";

const innocents = new WeakMap<Site, ChildProcess>();

/**
 * Makes what is left of a killed host look as after a reboot: another boot id everywhere, and every
 * recorded pid with its start time belongs to a process that has nothing to do with us.
 */
export async function forgeReboot(site: Site): Promise<void> {
  const innocent = spawn("sleep", ["600"], { stdio: "ignore" });
  innocents.set(site, innocent);
  const pid = innocent.pid ?? 0;
  const startTime = readProcess(pid)?.startTime ?? "0";
  const bootId = randomUUID();
  const found = await site.db.select({ controlPath: attempts.controlPath }).from(attempts);
  for (const { controlPath } of found) {
    rewrite(path.join(controlPath, controlFiles.keeper), `${pid} ${startTime} ${bootId}\n`);
    const namespace = `${pid} ${startTime}`;
    rewrite(
      path.join(controlPath, controlFiles.agent),
      `${pid} ${startTime} ${bootId} ${namespace}\n`,
    );
  }
  await site.db.update(attempts).set({ bootId });
}

/** Whether the process whose pid was forged into our files is untouched; true where none was. */
export function endInnocent(site: Site): boolean {
  const innocent = innocents.get(site);
  if (!innocent) return true;
  const isUntouched = innocent.exitCode === null && innocent.signalCode === null;
  innocent.kill("SIGKILL");
  return isUntouched;
}

function rewrite(file: string, text: string): void {
  if (existsSync(file) && readFileSync(file, "latin1").endsWith("\n")) writeFileSync(file, text);
}
