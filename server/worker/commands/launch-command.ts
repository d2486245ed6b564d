import { prepareAgentHome } from "@/server/agents/agent-home";
import { closeStdin, giveGo } from "@/server/agents/agent-stdin";
import { composeEnvironment } from "@/server/agents/environment";
import { readControl, waitForReady } from "@/server/agents/read-control";
import { agentCommand, willSandbox } from "@/server/agents/sandbox";
import { startKeeper } from "@/server/agents/start-keeper";
import { crashAt } from "@/server/domain/crash-points";
import { mirrorPath } from "@/server/workspaces/layout";
import { awaitDatabase } from "../await-database";
import type { WorkerContext } from "../context";
import { loadSecretsForRun } from "../load-secrets-for-run";
import type { CommandSite, RunCommand } from "./command-site";
import { writeCommand } from "./write-command";

const readyTimeoutSeconds = 30;

/**
 * Starts a command's keeper if there is none, commits who its process is, and lets it go. Each part may
 * be repeated: a control folder takes one keeper for ever, and a second go changes nothing.
 * @returns the row, `running` now; null when the process died before it was let go.
 * @throws Unavailable, Unprocessable, or a file's error when it cannot be started; HoldEnded.
 */
export async function launchCommand(
  context: WorkerContext,
  site: CommandSite,
  command: RunCommand,
): Promise<RunCommand | null> {
  const { controlPath } = command;
  if (readControl(controlPath).phase === "absent") {
    const secrets = await awaitDatabase(context, site, () =>
      loadSecretsForRun(context, { run: site }),
    );
    const { argv, environment } = composeLaunch(context, site, command, secrets);
    await startKeeper({ controlPath, argv, environment, streams: "shared" });
    await crashAt("after:command-keeper");
  }
  const control = await waitForReady(controlPath, {
    signal: site.signal,
    timeoutSeconds: readyTimeoutSeconds,
  });
  if (!control.agent || (control.phase !== "ready" && control.phase !== "running")) return null;
  const { pid, startTime, bootId } = control.agent;
  const running = await awaitDatabase(context, site, () =>
    writeCommand(context.db, site, command, {
      state: "running",
      pid,
      processStartTime: String(startTime),
      bootId,
      startedAt: new Date(),
    }),
  );
  await letCommandGo(controlPath);
  await crashAt("mid:command");
  return running;
}

/** May be given again; a command takes no input. */
export async function letCommandGo(controlPath: string): Promise<void> {
  await giveGo(controlPath);
  await closeStdin(controlPath);
}

/** Confined as the agent of its run is: a check runs what the agent wrote. */
function composeLaunch(
  context: WorkerContext,
  site: CommandSite,
  command: RunCommand,
  secrets: Record<string, string>,
) {
  const place = prepareAgentHome({
    home: context.home,
    sessionId: site.sessionId,
    kind: "shell",
    operatorHome: context.environment.HOME ?? "/",
    controlPath: command.controlPath,
  });
  const { isolation } = context;
  const isSandboxed = willSandbox({ isolation, sandbox: site.sandbox, kind: site.agent });
  const { argv } = agentCommand({
    argv: ["/bin/bash", "-c", command.command],
    isolation,
    sandbox: isSandboxed || site.sandbox === "on" ? "on" : "off",
    kind: "shell",
    workspacePath: site.workspacePath,
    homePath: place.homePath,
    temporaryPath: place.temporaryPath,
    mirrorObjectsPath: `${mirrorPath(context.home, site.repositoryId)}/objects`,
    extraBinds: place.binds,
  });
  const environment = composeEnvironment({
    kind: "shell",
    runId: site.runId,
    sessionId: site.sessionId,
    agentSessionId: null,
    attemptId: site.attemptId,
    workspaceId: site.workspaceId,
    workspacePath: site.workspacePath,
    branch: site.branch,
    baseCommit: site.baseCommit,
    repositoryName: site.repositoryName,
    runNumber: site.runNumber,
    message: site.message,
    homePath: place.homePath,
    temporaryPath: place.temporaryPath,
    extra: { ...secrets, COPPICE_COMMAND: command.kind, COPPICE_COMMAND_NAME: command.name },
    source: context.environment,
  });
  return { argv, environment };
}
