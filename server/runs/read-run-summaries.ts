import { desc, eq, type SQL, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { repositories, runs, workers, workflows, workflowVersions } from "@/db/schema";
import type { Actor } from "@/server/domain/actor";
import { findAvailableActions } from "@/server/domain/run";
import type { RunSummary } from "@/server/domain/run-view";

/** Runs that meet a condition, newest first, as rows of a list; one statement, no long texts. */
export async function readRunSummaries(
  db: Executor,
  actor: Actor,
  { where, limit }: { where: SQL | undefined; limit: number },
): Promise<RunSummary[]> {
  const rows = await selectSummaries(db, where, limit);
  return rows.map((row) => toRunSummary(row, actor));
}

type SummaryRow = Awaited<ReturnType<typeof selectSummaries>>[number];

function selectSummaries(db: Executor, where: SQL | undefined, limit: number) {
  return db
    .select({
      id: runs.id,
      number: runs.number,
      status: runs.status,
      statusSince: runs.statusSince,
      waitReason: runs.waitReason,
      endReason: runs.endReason,
      verdict: runs.verdict,
      workflow: { name: workflows.name, version: workflowVersions.version },
      repository: { name: repositories.name },
      sessionId: runs.sessionId,
      agent: runs.agent,
      attempt: runs.attemptNumber,
      worker: { name: workers.name, host: workers.host },
      commits: runs.commits,
      filesChanged: runs.filesChanged,
      additions: runs.additions,
      deletions: runs.deletions,
      usage: {
        inputTokens: runs.inputTokens,
        outputTokens: runs.outputTokens,
        cachedTokens: runs.cachedTokens,
        costUsd: runs.costUsd,
        turns: runs.turns,
      },
      createdBy: runs.createdBy,
      createdAt: runs.createdAt,
      startedAt: runs.startedAt,
      endedAt: runs.endedAt,
      cancelAskedAt: runs.cancelAskedAt,
      branch: runs.branch,
      beginning: sql<string>`left(${runs.message}, 600)`,
    })
    .from(runs)
    .innerJoin(workflowVersions, eq(workflowVersions.id, runs.workflowVersionId))
    .innerJoin(workflows, eq(workflows.id, workflowVersions.workflowId))
    .innerJoin(repositories, eq(repositories.id, runs.repositoryId))
    .leftJoin(workers, eq(workers.id, runs.workerId))
    .where(where)
    .orderBy(desc(runs.createdAt), desc(runs.id))
    .limit(limit);
}

function toRunSummary({ beginning, cancelAskedAt, ...row }: SummaryRow, actor: Actor): RunSummary {
  return {
    ...row,
    title: titleOf(beginning),
    availableActions: findAvailableActions(
      { ...row, isCancelAsked: cancelAskedAt !== null, hasWork: (row.commits ?? 0) > 0 },
      actor,
    ),
  };
}

/** The first 200 characters of a message, in one line. */
export function titleOf(message: string): string {
  return Array.from(message.replace(/\s+/g, " ").trim()).slice(0, 200).join("");
}
