import { and, count, eq, getTableColumns, max, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import {
  agentSessions,
  attempts,
  checkRounds,
  repositories,
  runCommands,
  runs,
  transcriptEntries,
  workers,
  workflows,
  workflowVersions,
  workspaces,
} from "@/db/schema";
import type { Actor } from "@/server/domain/actor";
import type { RunId } from "@/server/domain/ids";
import { findAvailableActions } from "@/server/domain/run";
import type { RunView } from "@/server/domain/run-view";

/** A run with all that the page of a run shows; undefined when there is none. */
export async function readRunView(
  db: Executor,
  runId: RunId,
  actor: Actor,
): Promise<RunView | undefined> {
  const [row] = await selectRun(db, runId);
  return row && toRunView(row, actor);
}

type RunRow = Awaited<ReturnType<typeof selectRun>>[number];

function selectRun(db: Executor, runId: RunId) {
  const lastEntry = db
    .select({ seq: max(transcriptEntries.seq) })
    .from(transcriptEntries)
    .where(eq(transcriptEntries.runId, runs.id));
  const commands = db
    .select({ rows: count() })
    .from(runCommands)
    .where(eq(runCommands.runId, runs.id));
  return db
    .select({
      run: getTableColumns(runs),
      workflow: { name: workflows.name, version: workflowVersions.version },
      repository: { name: repositories.name },
      workspaceState: workspaces.state,
      nativeId: agentSessions.nativeId,
      worker: { name: workers.name, host: workers.host },
      attempt: {
        id: attempts.id,
        isolation: attempts.isolation,
        isSandboxed: attempts.isSandboxed,
        outputBytes: attempts.outputBytes,
      },
      transcriptEntries: sql<number>`coalesce((${lastEntry}), 0)`.mapWith(Number),
      commands: sql<number>`(${commands})`.mapWith(Number),
      checkRound: checkRounds.state,
    })
    .from(runs)
    .innerJoin(workflowVersions, eq(workflowVersions.id, runs.workflowVersionId))
    .innerJoin(workflows, eq(workflows.id, workflowVersions.workflowId))
    .innerJoin(repositories, eq(repositories.id, runs.repositoryId))
    .innerJoin(workspaces, eq(workspaces.id, runs.workspaceId))
    .innerJoin(agentSessions, eq(agentSessions.id, runs.agentSessionId))
    .leftJoin(workers, eq(workers.id, runs.workerId))
    .leftJoin(attempts, and(eq(attempts.runId, runs.id), eq(attempts.number, runs.attemptNumber)))
    .leftJoin(checkRounds, eq(checkRounds.attemptId, attempts.id))
    .where(eq(runs.id, runId));
}

function toRunView(row: RunRow, actor: Actor): RunView {
  const { run } = row;
  return {
    id: run.id,
    number: run.number,
    status: run.status,
    statusSince: run.statusSince,
    waitReason: run.waitReason,
    availableAt: run.status === "queued" ? run.availableAt : null,
    endReason: run.endReason,
    verdict: run.verdict,
    workflow: row.workflow,
    repository: row.repository,
    sessionId: run.sessionId,
    agent: run.agent,
    agentSessionId: run.agentNativeId ?? row.nativeId,
    workspace: toWorkspace(row),
    attempt: run.attemptNumber,
    attemptId: row.attempt?.id ?? null,
    worker: row.worker,
    pid: run.pid,
    isolation: row.attempt?.isolation ?? null,
    isSandboxed: row.attempt?.isSandboxed ?? null,
    message: run.message,
    result: run.result,
    error: run.error,
    commits: run.commits,
    filesChanged: run.filesChanged,
    additions: run.additions,
    deletions: run.deletions,
    usage: toUsage(run),
    limits: {
      maxTurns: run.maxTurns,
      timeoutSeconds: run.timeoutSeconds,
      maxCostUsd: run.maxCostUsd,
      maxTokens: run.maxTokens,
      stallSeconds: run.stallSeconds,
      maxOutputBytes: run.maxOutputBytes,
    },
    outputBytes: row.attempt?.outputBytes ?? 0,
    transcriptEntries: row.transcriptEntries,
    commands: row.commands,
    rerunOf: run.rerunOf,
    createdBy: run.createdBy,
    createdAt: run.createdAt,
    startedAt: run.startedAt,
    endedAt: run.endedAt,
    cancelAskedAt: run.cancelAskedAt,
    availableActions: findAvailableActions(
      {
        ...run,
        isCancelAsked: run.cancelAskedAt !== null,
        hasWork: (run.commits ?? 0) > 0,
        isChecking: row.checkRound === "running",
      },
      actor,
    ),
  };
}

/** The run's own columns: the row of the workspace may have moved on with a later run. */
function toWorkspace({ run, workspaceState }: RunRow): RunView["workspace"] {
  return {
    id: run.workspaceId,
    path: run.workspacePath,
    branch: run.branch,
    baseCommit: run.baseCommit,
    headCommit: run.headCommit,
    state: workspaceState,
    kind: run.workspaceKind,
  };
}

function toUsage(run: RunView["usage"]): RunView["usage"] {
  const { inputTokens, outputTokens, cachedTokens, costUsd, turns } = run;
  return { inputTokens, outputTokens, cachedTokens, costUsd, turns };
}
