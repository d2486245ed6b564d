import { join } from "node:path";
import type { runCommands } from "@/db/schema";
import type {
  AttemptId,
  RepositoryId,
  RunId,
  SessionId,
  Sha,
  WorkflowVersionId,
  WorkspaceId,
} from "@/server/domain/ids";
import type { AgentKind, WorkflowDefinition } from "@/server/domain/workflow";
import type { CommandKind } from "@/server/domain/workspace-commands";
import type { Hold } from "../context";
import type { Work } from "../load-work";

export type RunCommand = typeof runCommands.$inferSelect;

/** Where commands run, and for whom: all that their rows, environment and sandbox need. */
export interface CommandSite {
  runId: RunId;
  runNumber: number;
  sessionId: SessionId;
  attemptId: AttemptId;
  attemptNumber: number;
  workspaceId: WorkspaceId;
  workspacePath: string;
  repositoryId: RepositoryId;
  repositoryName: string;
  workflowVersionId: WorkflowVersionId;
  branch: string;
  baseCommit: Sha;
  message: string;
  agent: AgentKind;
  sandbox: WorkflowDefinition["sandbox"];
  /** What every write must match; null where the run has ended and nobody holds it. */
  fence: number | null;
  /** Ends the following of a command; its process goes on until somebody ends it. */
  signal: AbortSignal;
}

/** The site of a held run's commands. */
export function siteOf(hold: Hold, work: Work, base: Sha): CommandSite {
  const { run, workspace, repository, session, definition } = work;
  return {
    runId: hold.runId,
    runNumber: run.number,
    sessionId: run.sessionId,
    attemptId: hold.attemptId,
    attemptNumber: hold.attemptNumber,
    workspaceId: workspace.id,
    workspacePath: workspace.path ?? "",
    repositoryId: repository.id,
    repositoryName: repository.name,
    workflowVersionId: run.workflowVersionId,
    branch: session.branch,
    baseCommit: base,
    message: run.message,
    agent: run.agent,
    sandbox: definition.sandbox,
    fence: hold.fence,
    signal: hold.signal,
  };
}

/**
 * A command's control folder, known before it exists: inside its attempt's, and a new one for each try,
 * for a control folder takes one keeper for ever.
 */
export function commandControlPath(
  attemptControlPath: string,
  command: { kind: CommandKind; position: number; tries: number },
): string {
  const name = `${command.kind}-${command.position}-${command.tries}`;
  return join(attemptControlPath, "commands.d", name);
}
