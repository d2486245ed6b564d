import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AgentKind } from "@/server/domain/workflow";
import { controlFiles, controlPath } from "./control-folder";
import type { AttemptMark } from "./end-agent";
import type { IsolationFacts } from "./probe-isolation";
import { type ControlState, readControl } from "./read-control";
import { type AgentCommand, agentCommand } from "./sandbox";
import { startKeeper } from "./start-keeper";
import { watchSpool } from "./watch-spool";

/** One attempt in folders of its own, as the worker would lay it out; for tests. */
export interface TrialAttempt {
  home: string;
  control: string;
  workspace: string;
  homePath: string;
  temporaryPath: string;
  mark: AttemptMark;
  environment: Record<string, string>;
}

export function makeTrialAttempt(): TrialAttempt {
  const home = mkdtempSync(join(tmpdir(), "coppice-agents-"));
  const mark = { runId: randomUUID(), attemptId: randomUUID() };
  const control = controlPath(home, mark.runId, 1);
  const folders = {
    workspace: join(home, "workspace"),
    homePath: join(home, "agent-home"),
    temporaryPath: join(control, controlFiles.temporary),
  };
  for (const path of [control, ...Object.values(folders)]) {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  }
  const environment = {
    PATH: process.env.PATH ?? "/usr/bin:/bin",
    HOME: folders.homePath,
    TMPDIR: folders.temporaryPath,
    COPPICE_RUN_ID: mark.runId,
    COPPICE_ATTEMPT_ID: mark.attemptId,
  };
  return { home, control, ...folders, mark, environment };
}

export interface TrialCommand {
  argv: string[];
  isolation: IsolationFacts;
  kind?: AgentKind;
  sandbox?: "auto" | "on" | "off";
  extraReadOnly?: string[];
  streams?: "shared" | "separate";
  environment?: Record<string, string>;
  patienceSeconds?: number;
}

export async function startTrial(
  attempt: TrialAttempt,
  command: TrialCommand,
): Promise<AgentCommand> {
  const wrapped = agentCommand({
    argv: command.argv,
    isolation: command.isolation,
    sandbox: command.sandbox ?? "off",
    kind: command.kind ?? "shell",
    workspacePath: attempt.workspace,
    homePath: attempt.homePath,
    temporaryPath: attempt.temporaryPath,
    mirrorObjectsPath: null,
    extraReadOnly: command.extraReadOnly ?? [],
  });
  await startKeeper({
    controlPath: attempt.control,
    argv: wrapped.argv,
    environment: { ...attempt.environment, ...command.environment },
    streams: command.streams ?? "shared",
    ...(command.patienceSeconds && { patienceSeconds: command.patienceSeconds }),
  });
  return wrapped;
}

/** Waits until `look` answers something, looking after every change in the control folder. */
export async function waitFor<T>(
  control: string,
  look: () => T | null | undefined | false,
  patienceMs = 20_000,
): Promise<T> {
  const done = new AbortController();
  return await new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("The condition never came true.")), patienceMs);
    const check = () => {
      const found = look();
      if (!found) return;
      clearTimeout(timer);
      done.abort();
      resolve(found);
    };
    watchSpool(control, check, done.signal);
    check();
  });
}

export function waitForExit(control: string): Promise<ControlState> {
  return waitFor(control, () => {
    const state = readControl(control);
    return state.exit && state;
  });
}

export const readOutput = (control: string, name: string = controlFiles.output) =>
  readFileSync(join(control, name), "utf8");

export const noIsolation: IsolationFacts = {
  isolation: "none",
  bubblewrap: null,
  unshare: null,
  why: "Left out for the test.",
};
