import { eq } from "drizzle-orm";
import { attempts } from "@/db/schema";
import { hasConversation, prepareAgentHome } from "@/server/agents/agent-home";
import type { DriverContext } from "@/server/agents/driver";
import { driverFor } from "@/server/agents/drivers";
import { composeEnvironment } from "@/server/agents/environment";
import { findAgent } from "@/server/agents/find-agent";
import { readControl, waitForReady } from "@/server/agents/read-control";
import { agentCommand } from "@/server/agents/sandbox";
import { startKeeper } from "@/server/agents/start-keeper";
import type { NativeSessionId } from "@/server/domain/ids";
import { mirrorPath } from "@/server/workspaces/layout";
import { AttemptFailed, failingAs } from "./attempt-failed";
import { awaitDatabase } from "./await-database";
import { CancelAsked } from "./cancel-asked";
import type { Hold, WorkerContext } from "./context";
import { loadWork, type Work } from "./load-work";

const readyTimeoutSeconds = 30;

/**
 * Starts the keeper and, behind it, the agent's process up to the point where it waits for `go`. A
 * worker that comes back here finds the same keeper: a control folder takes one for ever.
 * @throws AttemptFailed (`agent_not_found`, `workspace_failed`), CancelAsked, HoldEnded.
 */
export async function startAgent(context: WorkerContext, hold: Hold): Promise<void> {
  const work = await awaitDatabase(context, hold, () => loadWork(context, hold));
  if (work.run.cancelAskedAt) throw new CancelAsked();
  const known = readControl(hold.controlPath);
  if (known.phase === "absent") await launch(context, hold, work);
  await failingAs("workspace_failed", () =>
    waitForReady(hold.controlPath, { signal: hold.signal, timeoutSeconds: readyTimeoutSeconds }),
  );
}

async function launch(context: WorkerContext, hold: Hold, work: Work): Promise<void> {
  const nativeSessionId = requireNativeId(work);
  const agent = await failingAs("agent_not_found", async () =>
    findAgent(work.run.agent, { environment: context.environment }),
  );
  const place = await failingAs("workspace_failed", async () =>
    prepareAgentHome({
      home: context.home,
      sessionId: work.run.sessionId,
      kind: work.run.agent,
      operatorHome: context.environment.HOME ?? "/",
      controlPath: hold.controlPath,
    }),
  );
  const isResume =
    work.run.agent === "claude-code" && hasConversation(place.homePath, nativeSessionId);
  const driverContext = describeForDriver(work, agent.program, nativeSessionId, isResume);
  const plan = driverFor(work.run.agent).launch(driverContext);
  const command = await failingAs("workspace_failed", async () =>
    agentCommand({
      argv: plan.argv,
      isolation: context.isolation,
      sandbox: work.definition.sandbox,
      kind: work.run.agent,
      workspacePath: requirePath(work),
      homePath: place.homePath,
      temporaryPath: place.temporaryPath,
      mirrorObjectsPath: `${mirrorPath(context.home, work.repository.id)}/objects`,
      extraBinds: place.binds,
    }),
  );
  const environment = {
    ...agentEnvironment(context, hold, work, place),
    ...plan.environment,
  };
  await awaitDatabase(context, hold, () =>
    context.db
      .update(attempts)
      .set({ isolation: command.isolation, isSandboxed: command.isSandboxed, isResume })
      .where(eq(attempts.id, hold.attemptId)),
  );
  await failingAs("workspace_failed", () =>
    startKeeper({
      controlPath: hold.controlPath,
      argv: command.argv,
      environment,
      workspacePath: requirePath(work),
      streams: work.run.agent === "shell" ? "shared" : "separate",
    }),
  );
}

/** The driver's view of a run; the same for the same rows, so that a driver can be begun again. */
export function describeForDriver(
  work: Work,
  program: string,
  nativeSessionId: NativeSessionId,
  isResume: boolean,
): DriverContext {
  const { definition, run } = work;
  return {
    program,
    command: definition.command ?? null,
    prompt: composePrompt(work, isResume),
    systemPrompt: definition.systemPrompt ?? null,
    model: definition.model ?? null,
    nativeSessionId,
    attemptId: work.attempt.id,
    isResume,
    maxTurns: run.maxTurns,
    maxCostUsd: run.maxCostUsd,
    allowedTools: definition.allowedTools ?? null,
    workspacePath: requirePath(work),
    sessionCostUsdBefore: isResume ? work.agentSession.costUsd : 0,
  };
}

function composePrompt(work: Work, isResume: boolean): string {
  const { run, definition } = work;
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
  place: { homePath: string; temporaryPath: string },
): Record<string, string> {
  return composeEnvironment({
    kind: work.run.agent,
    runId: work.run.id,
    sessionId: work.run.sessionId,
    agentSessionId: requireNativeId(work),
    attemptId: hold.attemptId,
    workspaceId: work.workspace.id,
    workspacePath: requirePath(work),
    branch: work.session.branch,
    baseCommit: work.run.baseCommit ?? "",
    repositoryName: work.repository.name,
    runNumber: work.run.number,
    message: work.run.message,
    homePath: place.homePath,
    temporaryPath: place.temporaryPath,
    source: context.environment,
  });
}

export function requireNativeId(work: Work): NativeSessionId {
  const { nativeId } = work.agentSession;
  if (nativeId) return nativeId;
  throw new AttemptFailed("internal_error", "The agent session has no id of its own yet.");
}

function requirePath(work: Work): string {
  if (work.run.workspacePath) return work.run.workspacePath;
  throw new AttemptFailed("internal_error", "The run has no workspace path.");
}
