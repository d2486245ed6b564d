import { isDatabaseAway } from "@/db/errors";
import { endFinishedCleanups } from "@/server/cleanup/end-finished-cleanups";
import { startDueCleanup } from "@/server/cleanup/start-due-cleanup";
import type { CleanupKind } from "@/server/domain/cleanup";
import { DomainError, describeError } from "@/server/domain/errors";
import type { WorkerContext } from "../context";
import { checkOurs } from "./check-ours";
import { endItem } from "./end-item";
import { removeDueSpool } from "./remove-due-spool";
import { removeDueWorkspace } from "./remove-due-workspace";
import { type CleanupTask, takeItem } from "./take-item";
import { trimDueOutput } from "./trim-due-output";

/** Each proves afresh that its thing is due and safe, removes it and ends its item. */
const acts: Record<CleanupKind, (context: WorkerContext, task: CleanupTask) => Promise<void>> = {
  workspace: removeDueWorkspace,
  output: trimDueOutput,
  spool: removeDueSpool,
};

/**
 * Begins the daily cleanup when its time has come, then does what cleanups want of this host, one thing
 * after another. A kill leaves one item as `removing`, which the next worker of this name ends first.
 */
export async function carryOutItems(
  context: WorkerContext,
  isStopping: () => boolean = () => false,
): Promise<void> {
  await startDueCleanup(context.db, new Date());
  while (!isStopping()) {
    const task = await takeItem(context);
    if (!task) break;
    await carryOut(context, task);
  }
  await endFinishedCleanups(context.db, new Date());
}

async function carryOut(context: WorkerContext, task: CleanupTask): Promise<void> {
  try {
    await checkOurs(context);
    await acts[task.kind](context, task);
  } catch (error) {
    // Not knowing is not refusing: the item stays `removing` and is ended when the database is back.
    if (isDatabaseAway(error)) throw error;
    const isRefusal = error instanceof DomainError;
    if (!isRefusal) context.log(`cleanup of ${task.kind}: ${describeError(error)}`);
    const why = isRefusal && error.hint ? `${error.message} ${error.hint}` : describeError(error);
    const status = isRefusal ? "kept" : "failed";
    await context.db.transaction((tx) => endItem(tx, task, { status, why }, new Date()));
  }
}
