import { describeError } from "@/server/domain/errors";
import type { RepositoryId } from "@/server/domain/ids";
import { followWork } from "@/server/maintenance/follow-work";
import type { WorkerContext } from "../context";
import { openRedactorOf } from "../open-run-redactor";

/**
 * Looks at once where a repository's work is, because a delivery has just moved it. A look that fails is
 * logged and no more: what was delivered stands, and the next look is due within minutes anyway.
 */
export async function refreshLedger(context: WorkerContext, only: RepositoryId): Promise<void> {
  const { db, home, worker, log } = context;
  try {
    await followWork({
      ...{ db, home, workerId: worker.id, log, only, isForced: true },
      redact: async (text, runId) => (await openRedactorOf(context, runId)).redactText(text),
    });
  } catch (error) {
    log(`looking for what was delivered: ${describeError(error)}`);
  }
}
