import { and, desc, eq, inArray, ne, type SQL, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { repositories, runs, workers, workspaces } from "@/db/schema";
import { heldStatuses } from "@/server/domain/run-status";
import type { WorkspaceView } from "@/server/domain/views";

/** Workspaces that meet a condition, newest first, each with the run that holds or last held it. */
export async function readWorkspaceViews(
  db: Executor,
  { where, limit }: { where: SQL | undefined; limit: number },
): Promise<WorkspaceView[]> {
  const rows = await selectWorkspaces(db, where, limit);
  return rows.map(({ holder, last, ...workspace }) => ({ ...workspace, run: holder ?? last }));
}

/** The page is cut first, so that runs are looked for only for what is on it. */
function selectWorkspaces(db: Executor, where: SQL | undefined, limit: number) {
  const page = selectPage(db, where, limit).as("page");
  const runColumns = { id: runs.id, number: runs.number, status: runs.status };
  const holder = db
    .select(runColumns)
    .from(runs)
    .where(and(eq(runs.workspaceId, page.id), inArray(runs.status, [...heldStatuses])))
    .as("holder");
  const last = db
    .select(runColumns)
    .from(runs)
    .where(and(eq(runs.workspaceId, page.id), ne(runs.status, "queued")))
    .orderBy(desc(runs.createdAt), desc(runs.id))
    .limit(1)
    .as("last");
  return db
    .select({
      id: page.id,
      kind: page.kind,
      name: page.name,
      state: page.state,
      repository: { name: page.repositoryName },
      worker: page.workerName,
      path: page.path,
      branch: page.branch,
      baseCommit: page.baseCommit,
      headCommit: page.headCommit,
      bytes: page.bytes,
      sessionId: page.sessionId,
      holder: { id: holder.id, number: holder.number, status: holder.status },
      last: { id: last.id, number: last.number, status: last.status },
      createdAt: page.createdAt,
      usedAt: page.usedAt,
      removedAt: page.removedAt,
    })
    .from(page)
    .leftJoinLateral(holder, sql`true`)
    .leftJoinLateral(last, sql`true`)
    .orderBy(desc(page.createdAt), desc(page.id));
}

function selectPage(db: Executor, where: SQL | undefined, limit: number) {
  return db
    .select({
      id: workspaces.id,
      kind: workspaces.kind,
      name: workspaces.name,
      state: workspaces.state,
      repositoryName: sql<string>`${repositories.name}`.as("repository_name"),
      workerName: sql<string | null>`${workers.name}`.as("worker_name"),
      path: workspaces.path,
      branch: workspaces.branch,
      baseCommit: workspaces.baseCommit,
      headCommit: workspaces.headCommit,
      bytes: workspaces.bytes,
      sessionId: sql<
        string | null
      >`coalesce(${workspaces.heldSessionId}, ${workspaces.sessionId})`.as("shown_session_id"),
      createdAt: workspaces.createdAt,
      usedAt: workspaces.usedAt,
      removedAt: workspaces.removedAt,
    })
    .from(workspaces)
    .innerJoin(repositories, eq(repositories.id, workspaces.repositoryId))
    .leftJoin(workers, eq(workers.id, workspaces.workerId))
    .where(where)
    .orderBy(desc(workspaces.createdAt), desc(workspaces.id))
    .limit(limit);
}
