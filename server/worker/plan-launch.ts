import { prepareAgentHome } from "@/server/agents/agent-home";
import type { AgentDriver, DriverContext } from "@/server/agents/driver";
import { driverFor } from "@/server/agents/drivers";
import { composeEnvironment } from "@/server/agents/environment";
import { findAgent } from "@/server/agents/find-agent";
import { type AgentCommand, agentCommand, willSandbox } from "@/server/agents/sandbox";
import type { NativeSessionId, Sha } from "@/server/domain/ids";
import { askingOf } from "@/server/domain/workflow";
import { mirrorPath } from "@/server/workspaces/layout";
import { AttemptFailed, failingAs } from "./attempt-failed";
import type { Hold, WorkerContext } from "./context";
import { requireSandboxToBypass } from "./conversation/require-sandbox-to-bypass";
import { findConversation } from "./find-conversation";
import type { Work } from "./load-work";

/** Everything that is decided about an attempt's process before any of it exists. */
export interface LaunchPlan {
  driver: AgentDriver;
  driverContext: DriverContext;
  /** Null while the agent, which names its conversation itself, has not. */
  nativeSessionId: NativeSessionId | null;
  command: AgentCommand;
  environment: Record<string, string>;
  workspacePath: string;
}

/**
 * Decides how the agent will be started: program, command, confinement, environment.
 * @throws AttemptFailed (`agent_not_found`, `workspace_failed`).
 */
export async function planLaunch(
  context: WorkerContext,
  hold: Hold,
  work: Work,
  base: Sha,
): Promise<LaunchPlan> {
  const { run, definition } = work;
  const { nativeId: nativeSessionId } = work.agentSession;
  const workspacePath = requirePath(work);
  const agent = await failingAs("agent_not_found", () =>
    findAgent(run.agent, { environment: context.environment }),
  );
  return failingAs("workspace_failed", async () => {
    const place = prepareAgentHome({
      home: context.home,
      sessionId: run.sessionId,
      kind: run.agent,
      operatorHome: context.environment.HOME ?? "/",
      controlPath: hold.controlPath,
      environment: context.environment,
    });
    const driver = driverFor(run.agent);
    if (nativeSessionId === null && !driver.greet) {
      throw new AttemptFailed("internal_error", "The agent session has no id of its own yet.");
    }
    const driverContext = describeForDriver(work, agent.program, {
      isResume: await findConversation(context, hold, work, { driver, ...place }),
      isSandboxed: willSandbox({
        isolation: context.isolation,
        sandbox: definition.sandbox,
        kind: run.agent,
      }),
    });
    requireSandboxToBypass(driverContext);
    const launch = driver.launch(driverContext);
    const command = agentCommand({
      argv: launch.argv,
      isolation: context.isolation,
      sandbox: definition.sandbox,
      kind: run.agent,
      workspacePath,
      homePath: place.homePath,
      temporaryPath: place.temporaryPath,
      mirrorObjectsPath: `${mirrorPath(context.home, work.repository.id)}/objects`,
      extraBinds: place.binds,
    });
    const environment = {
      ...agentEnvironment(context, hold, work, { ...place, base }),
      ...launch.environment,
    };
    return { driver, driverContext, nativeSessionId, command, environment, workspacePath };
  });
}

function describeForDriver(
  work: Work,
  program: string,
  { isResume, isSandboxed }: Pick<DriverContext, "isResume" | "isSandboxed">,
): DriverContext {
  const { definition, run } = work;
  const { permissions } = askingOf(definition);
  return {
    program,
    command: definition.command ?? null,
    prompt: composePrompt(work, isResume),
    systemPrompt: definition.systemPrompt ?? null,
    model: definition.model ?? null,
    nativeSessionId: work.agentSession.nativeId,
    attemptId: work.attempt.id,
    isResume,
    maxTurns: run.maxTurns,
    maxCostUsd: run.maxCostUsd,
    allowedTools: definition.allowedTools ?? null,
    workspacePath: requirePath(work),
    isSandboxed,
    mayAsk: permissions === "ask" || permissions === "accept_edits",
    permissions,
    sessionCostUsdBefore: isResume ? work.agentSession.costUsd : 0,
  };
}

function composePrompt(work: Work, isResume: boolean): string {
  const { run, definition } = work;
  if (isResume && run.goOnMessage !== null) return run.goOnMessage;
  const isRetry = isResume && run.attemptNumber > 1;
  if (isRetry) {
    return `You were interrupted by a fault of the host and go on now in the same workspace. See what is done already (git log, git status), then finish this request:\n\n${run.message}`;
  }
  return definition.prompt ? `${definition.prompt.trimEnd()}\n\n${run.message}` : run.message;
}

function agentEnvironment(
  context: WorkerContext,
  hold: Hold,
  work: Work,
  place: { homePath: string; temporaryPath: string; base: Sha },
): Record<string, string> {
  return composeEnvironment({
    kind: work.run.agent,
    runId: work.run.id,
    sessionId: work.run.sessionId,
    agentSessionId: work.agentSession.nativeId,
    attemptId: hold.attemptId,
    workspaceId: work.workspace.id,
    workspacePath: requirePath(work),
    branch: work.session.branch,
    baseCommit: place.base,
    repositoryName: work.repository.name,
    runNumber: work.run.number,
    message: work.run.message,
    homePath: place.homePath,
    temporaryPath: place.temporaryPath,
    source: context.environment,
  });
}

/** The claim has given the workspace its path. */
function requirePath(work: Work): string {
  if (work.workspace.path) return work.workspace.path;
  throw new AttemptFailed("internal_error", "The workspace has no path.");
}
