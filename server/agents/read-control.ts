import { readFileSync, statSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { Unavailable } from "@/server/domain/errors";
import { controlFiles } from "./control-folder";
import { hasCode } from "./has-code";
import { isAlive, type ProcessIdentity } from "./process-identity";
import { watchSpool } from "./watch-spool";

/**
 * absent: no keeper was ever started here. starting: the keeper lives, the agent is not up yet.
 * ready: the agent waits for `go`. running: `go` was given. exited: the exit is known.
 * lost: the keeper died without an exit, or the host was rebooted.
 */
type ControlPhase = "absent" | "starting" | "ready" | "running" | "exited" | "lost";

export interface ControlState {
  phase: ControlPhase;
  keeper: ProcessIdentity | null;
  /** The agent's own process, with the pid that the host gives it. */
  agent: ProcessIdentity | null;
  /** The first process of the agent's pid namespace; killing it kills all of them. */
  namespaceInit: ProcessIdentity | null;
  exit: { code: number | null; signal: string | null; at: Date } | null;
}

/** What the control folder says about the attempt's processes, checked against the living ones. */
export function readControl(controlPath: string): ControlState {
  const keeper = readIdentity(controlPath, controlFiles.keeper, 0);
  const agent = readIdentity(controlPath, controlFiles.agent, 0);
  const state = {
    keeper,
    agent,
    namespaceInit: agent && readIdentity(controlPath, controlFiles.agent, 3),
  };
  const exit = readExit(controlPath);
  if (exit) return { ...state, phase: "exited", exit };
  if (!keeper) return { ...state, phase: "absent", exit: null };
  if (!isAlive(keeper)) {
    // The keeper may have written it between the first look and its death.
    const lateExit = readExit(controlPath);
    return { ...state, phase: lateExit ? "exited" : "lost", exit: lateExit };
  }
  if (!agent) return { ...state, phase: "starting", exit: null };
  const isGone = readOrNull(join(controlPath, controlFiles.go)) !== null;
  return { ...state, phase: isGone ? "running" : "ready", exit: null };
}

/**
 * Waits until the agent's process exists (or has ended already).
 * @throws Unavailable when that takes longer than `timeoutSeconds`; the signal's reason if aborted.
 */
export async function waitForReady(
  controlPath: string,
  options: { signal?: AbortSignal; timeoutSeconds: number },
): Promise<ControlState> {
  const isUp = (state: ControlState) => state.phase !== "absent" && state.phase !== "starting";
  const timeout = AbortSignal.timeout(options.timeoutSeconds * 1000);
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
  const done = new AbortController();
  return await new Promise<ControlState>((resolve, reject) => {
    const look = () => {
      const state = readControl(controlPath);
      if (!isUp(state)) return;
      done.abort();
      resolve(state);
    };
    signal.addEventListener("abort", () => {
      if (done.signal.aborted) return;
      done.abort();
      reject(options.signal?.aborted ? options.signal.reason : notReady(controlPath));
    });
    watchSpool(controlPath, look, done.signal);
    if (signal.aborted) reject(signal.reason);
    look();
  });
}

function notReady(controlPath: string): Unavailable {
  const { phase } = readControl(controlPath);
  return new Unavailable("The agent's process did not come up in time.", {
    hint: "The host may be overloaded. Rerun when it is quieter.",
    facts: { controlPath, phase },
  });
}

/** A line counts only when its newline is there: it may be looked at while it is written. */
function readIdentity(controlPath: string, name: string, at: number): ProcessIdentity | null {
  const text = readOrNull(join(controlPath, name));
  if (!text?.endsWith("\n")) return null;
  const fields = text.trim().split(" ");
  const [pid, startTime] = [Number(fields[at]), Number(fields[at + 1])];
  const bootId = fields[2];
  if (!pid || !startTime || !bootId) return null;
  return { pid, startTime, bootId };
}

function readExit(controlPath: string): ControlState["exit"] {
  const path = join(controlPath, controlFiles.exit);
  const text = readOrNull(path);
  if (!text?.endsWith("\n")) return null;
  const status = Number(text);
  const signal = nameSignal(status - 128);
  return { code: signal ? null : status, signal, at: statSync(path).mtime };
}

/** A shell reports death by signal n as 128 + n; only the usual signals are read out of it. */
function nameSignal(number: number): string | null {
  const usual = ["HUP", "INT", "QUIT", "ILL", "ABRT", "BUS", "FPE", "KILL", "SEGV", "PIPE", "TERM"];
  const names = usual.map((name) => `SIG${name}` as NodeJS.Signals);
  return names.find((name) => constants.signals[name] === number) ?? null;
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, "latin1");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return null;
    throw error;
  }
}
