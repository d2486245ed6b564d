import { and, desc, eq, lt, max } from "drizzle-orm";
import { runs, snapshots } from "@/db/schema";
import type { WorkspaceCapture } from "@/server/workspaces/capture-workspace";
import type { WorkerContext } from "./context";
import type { Work } from "./load-work";

/**
 * Commits to the database what was found unrecorded in a persistent workspace, before it is cleaned for
 * this run: as a snapshot of the run that was there before. Doing it again records nothing twice.
 */
export async function recordLeftBehind(
  { db }: WorkerContext,
  { run, workspace }: Work,
  { sha, ref, leftOut }: WorkspaceCapture,
): Promise<void> {
  if (!sha || !ref) return;
  await db.transaction(async (tx) => {
    const [before] = await tx
      .select({ id: runs.id, attempt: runs.attemptNumber })
      .from(runs)
      .where(and(eq(runs.workspaceId, workspace.id), lt(runs.number, run.number)))
      .orderBy(desc(runs.number))
      .limit(1);
    const runId = before?.id ?? run.id;
    const [known] = await tx
      .select({ number: snapshots.number })
      .from(snapshots)
      .where(and(eq(snapshots.runId, runId), eq(snapshots.sha, sha)));
    if (known) return;
    const [newest] = await tx
      .select({ number: max(snapshots.number) })
      .from(snapshots)
      .where(eq(snapshots.runId, runId));
    // A run's own attempts are numbered from 1.
    const number = before ? Math.max(newest?.number ?? 0, before.attempt) + 1 : 0;
    await tx.insert(snapshots).values({ runId, number, sha, ref, leftOut, at: new Date() });
  });
}
