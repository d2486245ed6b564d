import { crashAt } from "@/server/domain/crash-points";
import { awaitDatabase } from "./await-database";
import type { Hold, WorkerContext } from "./context";
import { findAllowedTools } from "./conversation/find-allowed-tools";
import { advanceTail, type Tail } from "./open-tail";
import { completeBatch, writeBatch } from "./write-batch";

/**
 * Stores the next piece of the spool: bytes, entries, driver state and offsets in one transaction, then
 * says to the agent what the driver answered. Answers how many bytes it read; 0 is the end for now.
 */
export async function storeOutput(
  context: WorkerContext,
  hold: Hold,
  tail: Tail,
  isOver: boolean,
): Promise<number> {
  const batch = await advanceTail(tail, isOver, (tools) =>
    awaitDatabase(context, hold, () => findAllowedTools(context.db, tail.asking.sessionId, tools)),
  );
  if (!batch) return 0;
  await awaitDatabase(context, hold, () =>
    context.db.transaction((tx) => writeBatch(context, tx, hold, tail, batch)),
  );
  await crashAt("mid:events");
  await completeBatch(hold, tail, batch);
  return batch.bytesRead;
}
