import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { AgentKind } from "@/server/domain/workflow";
import { prepareAgentHome } from "./agent-home";
import { deriveUuid } from "./derive-uuid";
import type { AgentDriver, DriverContext } from "./driver";
import { driverFor } from "./drivers";
import { composeEnvironment } from "./environment";
import { probeIsolation } from "./probe-isolation";
import { makeTrialAttempt, type TrialAttempt } from "./testing";
import { codexContext } from "./testing-codex";
import { driveTrial, type TrialRun } from "./testing-drive";

/** One real agent, as far as it can be led to the scripted model. */
export interface RealAgent {
  kind: AgentKind;
  program: string;
  /** The workflow's command; for ACP agents and the shell. */
  command: string | null;
  /** The worker's variables that lead it to the model and nowhere else. */
  worker(modelUrl: string, home: string): Record<string, string>;
  /** Settings of the test alone. */
  extra?: Record<string, string>;
  context?: Partial<DriverContext>;
}

export interface RealTrial {
  modelUrl: string;
  prompt: string;
  context?: Partial<DriverContext>;
  sandbox?: "auto" | "off";
  environment?: Record<string, string>;
  onLine?: (line: string, run: TrialRun) => void;
}

export function requireProgram({ program }: RealAgent, howToInstall: string): void {
  if (!existsSync(program)) throw new Error(`“${program}” is not installed. ${howToInstall}`);
}

/** A fresh repository with one commit, and the attempt's folders around it. */
export function makeRealAttempt(): TrialAttempt {
  const attempt = makeTrialAttempt();
  const git = (...args: string[]) => execFileSync("git", args, { cwd: attempt.workspace });
  git("init", "-qb", "main");
  git("-c", "user.name=t", "-c", "user.email=t@t", "commit", "-q", "--allow-empty", "-m", "first");
  return attempt;
}

/** The next attempt in the same home and workspace. */
export function nextAttempt(attempt: TrialAttempt, name: string): TrialAttempt {
  const control = join(attempt.home, "attempts", name, "1");
  mkdirSync(control, { recursive: true });
  return { ...attempt, control, mark: { ...attempt.mark, attemptId: name } };
}

/** Starts the agent as the worker does: its home, its environment, its sandbox, its driver. */
export async function runReal(
  agent: RealAgent,
  attempt: TrialAttempt,
  trial: RealTrial,
): Promise<TrialRun> {
  const { kind, command, program } = agent;
  const isolation = await probeIsolation();
  const { sandbox = "auto" } = trial;
  const variables = agent.worker(trial.modelUrl, attempt.home);
  const place = prepareAgentHome({
    ...{ home: attempt.home, sessionId: "session", kind, command },
    operatorHome: attempt.home,
    controlPath: attempt.control,
    environment: variables,
  });
  const driver: AgentDriver = driverFor(kind);
  const context: DriverContext = {
    ...codexContext,
    ...{ program, command, prompt: trial.prompt },
    systemPrompt: "You are tested.",
    // Ours, where the agent does not name it itself.
    nativeSessionId: driver.greet ? null : deriveUuid(attempt.mark.runId),
    attemptId: attempt.mark.attemptId,
    maxTurns: kind === "acp" ? null : 20,
    workspacePath: attempt.workspace,
    isSandboxed: sandbox === "auto" && kind !== "shell" && isolation.bubblewrap !== null,
    ...agent.context,
    ...trial.context,
  };
  const environment = composeEnvironment({
    ...{ kind, command, sessionId: "session", workspaceId: "workspace" },
    runId: attempt.mark.runId,
    agentSessionId: context.nativeSessionId,
    attemptId: attempt.mark.attemptId,
    workspacePath: attempt.workspace,
    ...{ branch: "main", baseCommit: "", repositoryName: "demo", runNumber: 1 },
    message: kind === "shell" ? trial.prompt : "",
    homePath: place.homePath,
    temporaryPath: place.temporaryPath,
    extra: { ...agent.extra, ...trial.environment },
    source: { ...process.env, ...variables },
  });
  return await driveTrial({
    attempt: { ...attempt, ...place, environment },
    ...{ driver, context, isolation, sandbox },
    ...(trial.onLine && { onLine: trial.onLine }),
  });
}
