import { and, eq, inArray, sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { attempts, outputChunks, runs, transcriptEntries } from "@/db/schema";
import { appendStdin, closeStdin } from "@/server/agents/agent-stdin";
import { AttemptSuperseded } from "@/server/domain/errors";
import { limits } from "@/server/domain/limits";
import type { EventFact } from "@/server/runs/append-event";
import type { Hold, WorkerContext } from "./context";
import { lockHeldRun } from "./conversation/lock-held-run";
import { hasTalk, recordTalk } from "./conversation/record-talk";
import type { Batch, Tail } from "./open-tail";

/** The channel that wakes readers of output and transcript; its payload is numbers only. */
const outputChannel = "coppice_output";

/**
 * Writes all that one step brought about: bytes, entries, driver state, offsets, receipts, questions
 * and `facts`. Guarded by the offsets and the fence: a repeated or a late batch changes nothing.
 * @throws AttemptSuperseded.
 */
export async function writeBatch(
  context: WorkerContext,
  tx: Transaction,
  hold: Hold,
  tail: Tail,
  batch: Batch,
  facts: EventFact[] = [],
): Promise<void> {
  const isTalk = facts.length > 0 || hasTalk(batch.talk);
  if (isTalk) await lockHeldRun(tx, hold);
  if (!(await updateAttempt(tx, hold, tail, batch))) {
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
  if (isTalk) await recordTalk(context, tx, hold, tail.asking.deadlineSeconds, batch.talk, facts);
}

/** After its commit: says to the agent what was answered. What a crash leaves out is done at the next start. */
export async function completeBatch(hold: Hold, tail: Tail, batch: Batch): Promise<void> {
  tail.commit(batch);
  if (batch.replies) {
    const offset = batch.stdinBytes - Buffer.byteLength(batch.replies);
    await appendStdin(hold.controlPath, offset, batch.replies);
  }
  if (batch.closesInput) await closeStdin(hold.controlPath);
}

async function updateAttempt(
  tx: Transaction,
  hold: Hold,
  tail: Tail,
  batch: Batch,
): Promise<boolean> {
  const isHeld = and(
    eq(runs.id, hold.runId),
    eq(runs.fence, hold.fence),
    inArray(runs.status, ["running", "waiting"]),
  );
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
        eq(attempts.stdinBytes, tail.stdinBytes),
        eq(attempts.transcriptSeq, tail.transcriptSeq),
        inArray(attempts.runId, tx.select({ id: runs.id }).from(runs).where(isHeld)),
      ),
    )
    .returning({ id: attempts.id });
  return written.length > 0;
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
    now.attempt.stdinBytes === batch.stdinBytes &&
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
