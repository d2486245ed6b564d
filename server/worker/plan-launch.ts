import { prepareAgentHome } from "@/server/agents/agent-home";
import { composeArguments } from "@/server/agents/compose-arguments";
import type { AgentDriver, DriverContext } from "@/server/agents/driver";
import { driverFor } from "@/server/agents/drivers";
import { composeEnvironment } from "@/server/agents/environment";
import { findAgent } from "@/server/agents/find-agent";
import { type AgentCommand, agentCommand, willSandbox } from "@/server/agents/sandbox";
import type { NativeSessionId, Sha } from "@/server/domain/ids";
import { remainingLimits } from "@/server/domain/limits-watch";
import { askingOf } from "@/server/domain/workflow";
import type { SecretsOf } from "@/server/secrets/read-run-secrets";
import { mirrorPath } from "@/server/workspaces/layout";
import { allDone } from "./all-done";
import { AttemptFailed, failingAs } from "./attempt-failed";
import { awaitDatabase } from "./await-database";
import type { Hold, WorkerContext } from "./context";
import { requireSandboxToBypass } from "./conversation/require-sandbox-to-bypass";
import { findConversation } from "./find-conversation";
import { loadSecretsForRun } from "./load-secrets-for-run";
import type { Work } from "./load-work";
import { type McpPlan, planMcp } from "./plan-mcp";
import { type SettledAgentConfig, settleAgentConfig } from "./settle-agent-config";

/** Everything that is decided about an attempt's process before any of it exists. */
export interface LaunchPlan {
  driver: AgentDriver;
  driverContext: DriverContext;
  /** Null while the agent, which names its conversation itself, has not. */
  nativeSessionId: NativeSessionId | null;
  command: AgentCommand;
  environment: Record<string, string>;
  workspacePath: string;
  /** What is to be told of it when the run begins. */
  notice: SettledAgentConfig["notice"];
  secretsOf: SecretsOf;
}

/** What a run is given beside its own definition: by the team's secrets and by its repository. */
interface Given {
  secrets: Record<string, string>;
  mcp: McpPlan;
  config: SettledAgentConfig;
}

/**
 * Decides how the agent will be started: program, command, confinement, environment.
 * @throws AttemptFailed (`agent_not_found`, `secrets_failed`, `config_not_approved`,
 * `repository_failed`, `workspace_failed`).
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
  const [agent, secrets, config] = await allDone([
    failingAs("agent_not_found", () =>
      findAgent(run.agent, {
        command: definition.command ?? null,
        environment: context.environment,
      }),
    ),
    awaitDatabase(context, hold, () => loadSecretsForRun(context, work)),
    awaitDatabase(context, hold, () => settleAgentConfig(context, hold, work, base)),
  ]);
  return failingAs("workspace_failed", async () => {
    const place = prepareAgentHome({
      home: context.home,
      sessionId: run.sessionId,
      kind: run.agent,
      operatorHome: context.environment.HOME ?? "/",
      controlPath: hold.controlPath,
      environment: context.environment,
      command: definition.command ?? null,
    });
    const given = { secrets, config, mcp: planMcp(work, secrets, hold.controlPath) };
    const driver = driverFor(run.agent);
    if (nativeSessionId === null && !driver.greet) {
      throw new AttemptFailed("internal_error", "The agent session has no id of its own yet.");
    }
    const driverContext = describeForDriver(work, agent.program, given, {
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
      extraReadOnly: given.mcp.readOnly,
    });
    const environment = {
      ...agentEnvironment(context, hold, work, { ...place, base, given }),
      ...launch.environment,
    };
    return {
      ...{ driver, driverContext, nativeSessionId, command, environment, workspacePath },
      notice: config.notice,
      secretsOf: run,
    };
  });
}

function describeForDriver(
  work: Work,
  program: string,
  { mcp, config }: Given,
  { isResume, isSandboxed }: Pick<DriverContext, "isResume" | "isSandboxed">,
): DriverContext {
  const { definition, run } = work;
  const { permissions } = askingOf(definition);
  return {
    program,
    command: definition.command ?? null,
    prompt: composePrompt(work, isResume),
    systemPrompt: joinTexts(definition.systemPrompt, config.text),
    model: definition.model ?? null,
    nativeSessionId: work.agentSession.nativeId,
    attemptId: work.attempt.id,
    isResume,
    ...remainingLimits(run),
    allowedTools: listAllowedTools(work, mcp),
    extraArguments: composeArguments({
      kind: run.agent,
      mcpServers: mcp.servers,
      mcpConfigPath: mcp.configPath,
      config: config.use,
      workspacePath: requirePath(work),
    }),
    mcpServers: mcp.servers,
    workspacePath: requirePath(work),
    isSandboxed,
    mayAsk: permissions === "ask" || permissions === "accept_edits",
    permissions,
    sessionCostUsdBefore: isResume ? work.agentSession.costUsd : 0,
  };
}

/** Whoever defines a workflow has allowed the tools of its MCP servers; Codex is told so with them. */
function listAllowedTools({ definition, run }: Work, { servers }: McpPlan): string[] | null {
  const { allowedTools = null } = definition;
  if (run.agent !== "claude-code" || servers.length === 0) return allowedTools;
  return [...(allowedTools ?? []), ...servers.map(({ name }) => `mcp__${name}__*`)];
}

function joinTexts(...texts: (string | null | undefined)[]): string | null {
  return texts.filter(Boolean).join("\n\n") || null;
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
  place: { homePath: string; temporaryPath: string; base: Sha; given: Given },
): Record<string, string> {
  return composeEnvironment({
    kind: work.run.agent,
    command: work.definition.command ?? null,
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
    extra: { ...place.given.secrets, ...place.given.mcp.environment },
    source: context.environment,
  });
}

/** The claim has given the workspace its path. */
function requirePath(work: Work): string {
  if (work.workspace.path) return work.workspace.path;
  throw new AttemptFailed("internal_error", "The workspace has no path.");
}
