import { and, eq, inArray, sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { attempts, outputChunks, runs, transcriptEntries } from "@/db/schema";
import { appendStdin, closeStdin } from "@/server/agents/agent-stdin";
import { crashAt } from "@/server/domain/crash-points";
import { AttemptSuperseded } from "@/server/domain/errors";
import { limits } from "@/server/domain/limits";
import { awaitDatabase } from "./await-database";
import type { Hold, WorkerContext } from "./context";
import { advanceTail, type Batch, type Tail } from "./open-tail";

/** The channel that wakes readers of output and transcript; its payload is numbers only. */
const outputChannel = "coppice_output";

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
  const batch = await advanceTail(tail, isOver);
  if (!batch) return 0;
  await awaitDatabase(context, hold, () =>
    context.db.transaction((tx) => writeBatch(tx, hold, tail, batch)),
  );
  await crashAt("mid:events");
  tail.commit(batch);
  if (batch.replies) {
    const offset = batch.stdinBytes - Buffer.byteLength(batch.replies);
    await appendStdin(hold.controlPath, offset, batch.replies);
  }
  if (batch.closesInput) await closeStdin(hold.controlPath);
  return batch.bytesRead;
}

/** Guarded by the offsets and the fence: a repeated or a late batch changes nothing. */
async function writeBatch(tx: Transaction, hold: Hold, tail: Tail, batch: Batch): Promise<void> {
  const written = await tx
    .update(attempts)
    .set({
      outputBytes: batch.outputBytes,
      stderrBytes: batch.stderrBytes,
      driverOffset: batch.driverOffset,
      driverState: batch.state,
      redactorState: batch.redactorState,
      stderrRedactorState: batch.stderrRedactorState,
      stdinBytes: batch.stdinBytes,
      isInputOver: batch.isInputOver,
      isTerminal: batch.isTerminal,
      transcriptSeq: batch.transcriptSeq,
      ...(batch.replies ? { pendingStdin: batch.replies } : {}),
    })
    .where(
      and(
        eq(attempts.id, hold.attemptId),
        eq(attempts.outputBytes, tail.outputBytes),
        eq(attempts.stderrBytes, tail.stderrBytes),
        eq(attempts.driverOffset, tail.driverOffset),
        eq(attempts.transcriptSeq, tail.transcriptSeq),
        inArray(
          attempts.runId,
          tx
            .select({ id: runs.id })
            .from(runs)
            .where(
              and(
                eq(runs.id, hold.runId),
                eq(runs.fence, hold.fence),
                inArray(runs.status, ["running", "waiting"]),
              ),
            ),
        ),
      ),
    )
    .returning({ id: attempts.id });
  if (written.length === 0) {
    await assertWrittenBefore(tx, hold, batch);
    return;
  }
  if (batch.pieces.length > 0) await insertChunks(tx, hold, batch);
  await insertEntries(tx, hold, tail, batch);
  const payload = JSON.stringify({
    runId: hold.runId,
    bytes: batch.outputBytes,
    entries: batch.transcriptSeq,
  });
  await tx.execute(sql`select pg_notify(${outputChannel}, ${payload})`);
}

/** The commit before this one may have gone through without our hearing of it. */
async function assertWrittenBefore(tx: Transaction, hold: Hold, batch: Batch): Promise<void> {
  const [now] = await tx
    .select({ attempt: attempts, fence: runs.fence })
    .from(attempts)
    .innerJoin(runs, eq(runs.id, attempts.runId))
    .where(eq(attempts.id, hold.attemptId));
  if (now?.fence !== hold.fence) throw new AttemptSuperseded(hold.runId, hold.fence);
  const isSame =
    now.attempt.outputBytes === batch.outputBytes &&
    now.attempt.stderrBytes === batch.stderrBytes &&
    now.attempt.driverOffset === batch.driverOffset &&
    now.attempt.transcriptSeq === batch.transcriptSeq;
  if (!isSame) throw new Error(`the stored offsets of attempt ${hold.attemptId} are not ours`);
}

async function insertChunks(tx: Transaction, hold: Hold, batch: Batch): Promise<void> {
  const size = limits.outputChunkBytes;
  const rows = batch.pieces.flatMap(({ stream, offset, bytes }) =>
    Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => ({
      attemptId: hold.attemptId,
      stream,
      offset: offset + index * size,
      bytes: bytes.subarray(index * size, (index + 1) * size),
    })),
  );
  await tx.insert(outputChunks).values(rows);
}

async function insertEntries(tx: Transaction, hold: Hold, tail: Tail, batch: Batch): Promise<void> {
  if (batch.entries.length === 0) return;
  const at = new Date();
  await tx.insert(transcriptEntries).values(
    batch.entries.map((entry, index) => ({
      runId: hold.runId,
      seq: tail.transcriptSeq + index + 1,
      attemptId: hold.attemptId,
      at,
      entry,
    })),
  );
}
