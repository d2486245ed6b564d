import { eq } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { repositories, runs, workspaces } from "@/db/schema";
import { Conflict, NotFound, Unprocessable } from "@/server/domain/errors";
import type { RunId } from "@/server/domain/ids";
import { isTerminal } from "@/server/domain/run-status";

/**
 * A run whose work can be delivered: it has ended, it has commits, and its host is known.
 * @throws NotFound; Conflict while it goes on; Unprocessable without work.
 */
export async function loadDeliverableRun(db: Executor, runId: RunId) {
  const [row] = await db
    .select({ run: runs, repository: repositories, workspaceWorkerId: workspaces.workerId })
    .from(runs)
    .innerJoin(repositories, eq(repositories.id, runs.repositoryId))
    .innerJoin(workspaces, eq(workspaces.id, runs.workspaceId))
    .where(eq(runs.id, runId));
  if (!row) throw new NotFound("run", runId);
  const { run, repository } = row;
  if (!isTerminal(run.status)) {
    throw new Conflict(`Run #${run.number} is ${run.status}; its work is delivered when it ends.`, {
      hint: "Wait for its end, or cancel it: what it has done is kept.",
    });
  }
  const workerId = row.workspaceWorkerId ?? run.workerId;
  const { headCommit, baseCommit, branch } = run;
  if (!workerId || !headCommit || !branch || headCommit === baseCommit) {
    throw new Unprocessable(`Run #${run.number} has no commits to deliver.`, {
      hint: "Continue its session, or rerun it.",
    });
  }
  return { run, repository, workerId, headCommit, branch };
}
