import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { hasCode } from "./has-code";
import {
  identifyProcess,
  isAlive,
  type ProcessIdentity,
  readParent,
  readProcessGroup,
} from "./process-identity";
import { type ControlState, readControl } from "./read-control";

/** What marks an attempt's processes: both stand in the environment of each, unless it was wiped. */
export interface AttemptMark {
  runId: string;
  attemptId: string;
}

export interface EndAgentOptions {
  controlPath: string;
  mark: AttemptMark;
  /** How long the agent may take to end by itself after SIGINT; 0 (default) skips SIGINT. */
  interruptSeconds?: number;
  /** How long the agent may take to end by itself after SIGTERM; 0 skips SIGTERM. */
  graceSeconds: number;
  /** How often somebody has asked not to wait: each time ends the step under way. */
  hurries?: () => number;
}

export interface EndedAgent {
  /** What was done, in order, and how long each took. */
  steps: { act: string; tookMs: number; wasHurried: boolean }[];
  /** Processes of the attempt that could not be ended: empty, or the host is in trouble. */
  survivors: number[];
}

/**
 * Ends every process of an attempt but its keeper: SIGINT and SIGTERM to the agent's group, then
 * SIGKILL to its pid namespace (or group), then a sweep by the mark in the environment until two looks
 * in a row find nothing. Without a namespace a process that wiped its environment is not seen.
 */
export async function endAgent(options: EndAgentOptions): Promise<EndedAgent> {
  const steps: EndedAgent["steps"] = [];
  const timed = async (act: string, work: () => Promise<unknown>) => {
    const startedAt = performance.now();
    const wasHurried = (await work()) === "hurried";
    steps.push({ act, tookMs: performance.now() - startedAt, wasHurried });
  };
  const control = await readSettledControl(options.controlPath);
  const { agent, namespaceInit } = control;
  const polite = [
    { signal: "SIGINT", seconds: options.interruptSeconds ?? 0 },
    { signal: "SIGTERM", seconds: options.graceSeconds },
  ] as const;
  let taken = 0;
  for (const { signal, seconds } of polite) {
    if (!agent || seconds === 0 || !isAlive(agent)) continue;
    await timed(`${signal} to the agent's group`, async () => {
      signalGroup(agent, signal);
      // The namespace ends with the agent; killing it in between would cost the agent's exit status.
      const both = namespaceInit ? [agent, namespaceInit] : [agent];
      const isHurried = () => (options.hurries?.() ?? 0) > taken;
      const isDead = await waitUntilDead(both, seconds, isHurried);
      if (isDead || !isHurried()) return "in time";
      taken += 1;
      return "hurried";
    });
  }
  if (namespaceInit && isAlive(namespaceInit)) {
    await timed("SIGKILL to the pid namespace", async () => {
      // The program that made the namespace first: some report a killed namespace as a plain exit 1.
      const maker = readParent(namespaceInit.pid);
      const isOurs = maker !== null && readParent(maker) === control.keeper?.pid;
      if (isOurs) signalProcess(maker, "SIGKILL");
      signalProcess(namespaceInit.pid, "SIGKILL");
      await waitUntilDead([namespaceInit, ...(agent ? [agent] : [])], 5);
    });
  } else if (agent && isAlive(agent)) {
    await timed("SIGKILL to the agent's group", async () => {
      signalGroup(agent, "SIGKILL");
      await waitUntilDead([agent], 5);
    });
  }
  let survivors: number[] = [];
  await timed("sweep by environment", async () => {
    survivors = await sweep(options.mark, control);
  });
  return { steps, survivors };
}

/** A keeper that is just starting its agent has not yet written down whom to end. */
async function readSettledControl(controlPath: string): Promise<ControlState> {
  const deadline = performance.now() + 3000;
  let control = readControl(controlPath);
  while (control.phase === "starting" && performance.now() < deadline) {
    await pause(2);
    control = readControl(controlPath);
  }
  return control;
}

/** A process in the middle of an exec shows no environment, so one empty look proves nothing. */
async function sweep(mark: AttemptMark, control: ControlState): Promise<number[]> {
  let emptyLooks = 0;
  let found: number[] = [];
  for (let look = 0; look < 80 && emptyLooks < 2; look++) {
    if (look > 0) await pause(25);
    found = findMarked(mark, control);
    for (const pid of found) signalProcess(pid, "SIGKILL");
    emptyLooks = found.length === 0 ? emptyLooks + 1 : 0;
  }
  return found;
}

/** The living processes that carry the mark, without a living keeper and its own helpers. */
export function findMarked(mark: AttemptMark, control: Pick<ControlState, "keeper">): number[] {
  const { keeper } = control;
  const sparedGroup = keeper && isAlive(keeper) ? keeper.pid : null;
  const wanted = [`COPPICE_RUN_ID=${mark.runId}`, `COPPICE_ATTEMPT_ID=${mark.attemptId}`];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      const variables = readEnvironment(pid);
      if (!wanted.every((variable) => variables.includes(variable))) return false;
      if (identifyProcess(pid) === null) return false;
      return sparedGroup === null || readProcessGroup(pid) !== sparedGroup;
    });
}

function readEnvironment(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, "latin1").split("\0");
  } catch (error) {
    // Ended meanwhile, or another user's, which no process of ours can be.
    if (hasCode(error, "ENOENT", "ESRCH", "EACCES", "EPERM")) return [];
    throw error;
  }
}

export async function waitUntilDead(
  processes: ProcessIdentity[],
  timeoutSeconds: number,
  isHurried: () => boolean = () => false,
): Promise<boolean> {
  const deadline = performance.now() + timeoutSeconds * 1000;
  while (processes.some(isAlive)) {
    if (performance.now() > deadline || isHurried()) return false;
    await pause(2);
  }
  return true;
}

function signalGroup(leader: ProcessIdentity, signal: NodeJS.Signals): void {
  const group = readProcessGroup(leader.pid);
  // A group that is not the agent's own would be the keeper's or worse.
  if (group && group > 1 && group !== readProcessGroup(process.pid)) signalProcess(-group, signal);
}

export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!hasCode(error, "ESRCH")) throw error;
  }
}
