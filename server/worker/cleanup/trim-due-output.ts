import { trimOutput } from "@/server/cleanup/trim-output";
import type { WorkerContext } from "../context";
import { endItem } from "./end-item";
import type { CleanupTask } from "./take-item";

/** Cuts a run's output and transcript in one transaction: a kill leaves all of it or none. */
export async function trimDueOutput(context: WorkerContext, task: CleanupTask): Promise<void> {
  const { runId, trim } = task;
  if (!runId || !trim) throw new Error(`item ${task.id} names no run or no limit`);
  const now = new Date();
  await context.db.transaction(async (tx) => {
    const freedBytes = await trimOutput(tx, { runId, ...trim, now });
    const facts = { cut: trim.reason, keptBytes: trim.keepBytes };
    await endItem(
      tx,
      task,
      { status: "removed", freedBytes, action: "run.output_trimmed", facts },
      now,
    );
  });
}
