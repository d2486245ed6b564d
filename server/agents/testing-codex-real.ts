import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { prepareAgentHome } from "./agent-home";
import { codex } from "./codex";
import type { DriverContext } from "./driver";
import { composeEnvironment } from "./environment";
import { probeIsolation } from "./probe-isolation";
import { makeTrialAttempt, type TrialAttempt } from "./testing";
import { codexContext } from "./testing-codex";
import { driveTrial, type TrialRun } from "./testing-drive";

export const codexProgram = resolve("e2e/agents/node_modules/.bin/codex");

export function requireCodex(): void {
  if (existsSync(codexProgram)) return;
  throw new Error("The real Codex is not installed. Run “npm test”, which installs it.");
}

/** Settings that keep Codex on this machine: its only provider is the scripted model. */
export function codexSettings(modelUrl: string): string {
  return [
    'model = "gpt-5.5-codex"',
    'model_provider = "scripted"',
    "[model_providers.scripted]",
    'name = "scripted"',
    `base_url = "${modelUrl}/v1"`,
    'wire_api = "responses"',
    'env_key = "OPENAI_API_KEY"',
    "request_max_retries = 1",
    "stream_max_retries = 1",
    "",
  ].join("\n");
}

/** A fresh repository with one commit, and the attempt's folders around it. */
export function makeCodexAttempt(): TrialAttempt {
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

export interface CodexTrial {
  modelUrl: string;
  prompt: string;
  context?: Partial<DriverContext>;
  sandbox?: "auto" | "off";
  environment?: Record<string, string>;
  onLine?: (line: string, run: TrialRun) => void;
}

export async function runCodex(attempt: TrialAttempt, trial: CodexTrial): Promise<TrialRun> {
  const settings = join(attempt.home, "codex.toml");
  writeFileSync(settings, codexSettings(trial.modelUrl));
  const isolation = await probeIsolation();
  const { sandbox = "auto" } = trial;
  const place = prepareAgentHome({
    home: attempt.home,
    sessionId: "session",
    kind: "codex",
    operatorHome: attempt.home,
    controlPath: attempt.control,
    environment: { COPPICE_CODEX_CONFIG: settings },
  });
  const context: DriverContext = {
    ...codexContext,
    program: codexProgram,
    prompt: trial.prompt,
    systemPrompt: "You are tested.",
    attemptId: attempt.mark.attemptId,
    maxTurns: 20,
    workspacePath: attempt.workspace,
    isSandboxed: sandbox === "auto" && isolation.bubblewrap !== null,
    ...trial.context,
  };
  const environment = composeEnvironment({
    kind: "codex",
    runId: attempt.mark.runId,
    sessionId: "session",
    agentSessionId: context.nativeSessionId,
    attemptId: attempt.mark.attemptId,
    workspaceId: "workspace",
    workspacePath: attempt.workspace,
    branch: "main",
    baseCommit: "",
    repositoryName: "demo",
    runNumber: 1,
    message: "",
    homePath: place.homePath,
    temporaryPath: place.temporaryPath,
    extra: trial.environment ?? {},
    source: { ...process.env, OPENAI_API_KEY: "not-a-real-key" },
  });
  return await driveTrial({
    attempt: { ...attempt, ...place, environment },
    driver: codex,
    context,
    isolation,
    sandbox,
    ...(trial.onLine && { onLine: trial.onLine }),
  });
}

/** A proxy that notes whom it was asked for, and lets nobody through. */
export async function startRefusingProxy() {
  const asked: string[] = [];
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", (data) => {
      asked.push(data.toString().split("\r\n")[0] ?? "");
      socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", () => listening()));
  const { port } = server.address() as { port: number };
  return { url: `http://127.0.0.1:${port}`, asked, close: () => server.close() };
}
