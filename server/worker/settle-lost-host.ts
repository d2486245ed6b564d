import { and, eq } from "drizzle-orm";
import { runs, workers, workspaces } from "@/db/schema";
import { moveOffLostHost } from "@/server/workers/move-off-lost-host";
import type { WorkerContext } from "./context";
import { settleLeftWork } from "./settle-left-work";

/**
 * This worker was declared lost and is here: takes off what is still bound to its claims, ends and keeps
 * what was left, and is believed again when nothing of it can still write.
 * @returns whether it is believed again.
 */
export async function settleLostHost(
  context: WorkerContext,
  reportId: string | null,
): Promise<boolean> {
  const { db, jobs, worker } = context;
  await moveOffLostHost({ db, jobs, now: new Date() }, worker.id);
  const stuck = await settleLeftWork(context, reportId);
  if (stuck > 0) return false;
  await db.transaction(async (tx) => {
    await tx
      .update(workers)
      .set({ lostAt: null, lostBy: null, lostReason: null })
      .where(eq(workers.id, worker.id));
    await tx
      .update(runs)
      .set({ waitReason: "slot" })
      .from(workspaces)
      .where(
        and(
          eq(workspaces.id, runs.workspaceId),
          eq(workspaces.workerId, worker.id),
          eq(runs.status, "queued"),
          eq(runs.waitReason, "host_lost"),
        ),
      );
  });
  context.log("its host was declared lost; all that was left is in order, and it takes runs again");
  return true;
}
