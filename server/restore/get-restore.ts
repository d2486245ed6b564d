import { eq } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { restores, runs, workspaces } from "@/db/schema";
import { NotFound } from "@/server/domain/errors";
import type { RestoreView } from "@/server/domain/restore";

/** @throws NotFound */
export async function getRestore(db: Executor, { id }: { id: string }): Promise<RestoreView> {
  const [row] = await db
    .select({
      id: restores.id,
      way: restores.way,
      run: { id: runs.id, number: runs.number },
      sha: restores.sha,
      branch: restores.branch,
      workspace: { id: workspaces.id, path: workspaces.path, sessionId: workspaces.sessionId },
      askedBy: restores.askedBy,
      askedAt: restores.askedAt,
    })
    .from(restores)
    .innerJoin(runs, eq(runs.id, restores.runId))
    .leftJoin(workspaces, eq(workspaces.id, restores.workspaceId))
    .where(eq(restores.id, id));
  if (!row) throw new NotFound("restore", id);
  return row;
}
