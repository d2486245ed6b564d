import { type Stats, statSync } from "node:fs";
import { join } from "node:path";
import type { ControlPhaseSeen } from "@/server/domain/evidence";
import { controlFiles } from "./control-folder";
import { hasCode } from "./has-code";
import { isAlive } from "./process-identity";
import { readControl } from "./read-control";

/** What can be seen of an attempt's processes and output at this moment, without touching either. */
export interface SeenProcesses {
  phase: ControlPhaseSeen;
  keeperPid: number | null;
  isKeeperAlive: boolean;
  pid: number | null;
  isAgentAlive: boolean;
  /** Null: the agent has no pid namespace of its own. */
  isNamespaceAlive: boolean | null;
  exit: { code: number | null; signal: string | null; at: Date } | null;
  spoolBytes: number;
  spoolAt: Date | null;
  keeperBeatAt: Date | null;
}

export function lookAtProcesses(controlPath: string): SeenProcesses {
  const { phase, keeper, agent, namespaceInit, exit } = readControl(controlPath);
  const files = [controlFiles.output, controlFiles.stderr].map((name) => statOf(controlPath, name));
  const written = files.filter((file): file is Stats => file !== null && file.size > 0);
  return {
    phase,
    keeperPid: keeper?.pid ?? null,
    isKeeperAlive: keeper !== null && isAlive(keeper),
    pid: agent?.pid ?? null,
    isAgentAlive: agent !== null && isAlive(agent),
    isNamespaceAlive: namespaceInit && isAlive(namespaceInit),
    exit,
    spoolBytes: written.reduce((sum, { size }) => sum + size, 0),
    spoolAt: written.reduce<Date | null>(
      (last, { mtime }) => (last && last > mtime ? last : mtime),
      null,
    ),
    keeperBeatAt: statOf(controlPath, controlFiles.beat)?.mtime ?? null,
  };
}

function statOf(controlPath: string, name: string): Stats | null {
  try {
    return statSync(join(controlPath, name));
  } catch (error) {
    if (hasCode(error, "ENOENT")) return null;
    throw error;
  }
}
