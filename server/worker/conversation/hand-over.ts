import { eq } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { attempts } from "@/db/schema";
import { crashAt } from "@/server/domain/crash-points";
import type { EventFact } from "@/server/runs/append-event";
import { awaitDatabase } from "../await-database";
import type { Hold, WorkerContext } from "../context";
import { type Batch, describeTold, type Tail } from "../open-tail";
import { completeBatch, writeBatch } from "../write-batch";
import { lockHeldRun } from "./lock-held-run";
import { takeInputs } from "./take-inputs";
import { beginTelling, tellInput } from "./tell-driver";

/**
 * Gives the agent what operators said. That it was given is committed with the driver's state and the
 * place in stdin where it stands, and only then written there: a restart completes what is half written
 * and sends nothing twice.
 * @throws AttemptSuperseded, HoldEnded.
 */
export async function handOver(context: WorkerContext, hold: Hold, tail: Tail): Promise<void> {
  if (tail.isInputOver) return;
  const batch = await awaitDatabase(context, hold, (isRepeated) =>
    context.db.transaction(async (tx) => {
      const unheard = isRepeated ? await findUnheard(tx, hold, tail) : null;
      return unheard ?? (await commitInputs(context, tx, hold, tail));
    }),
  );
  if (!batch) return;
  await crashAt("mid:handover");
  await completeBatch(hold, tail, batch);
}

async function commitInputs(
  context: WorkerContext,
  tx: Transaction,
  hold: Hold,
  tail: Tail,
): Promise<Batch | null> {
  const run = await lockHeldRun(tx, hold);
  // An operator who cancels wants nothing said any more.
  if (run.cancelAskedAt !== null) return null;
  const now = new Date();
  const inputs = await takeInputs(tx, hold, run, now);
  if (inputs.length === 0) return null;
  const told = beginTelling(tail.state);
  const facts: EventFact[] = [];
  for (const { input, fact, markGiven } of inputs) {
    if (!tellInput(tail.driver, told, input)) break;
    await markGiven(tx, now);
    if (fact) facts.push(fact);
  }
  const batch = describeTold(tail, told);
  await writeBatch(context, tx, hold, tail, batch, facts);
  return batch;
}

/** A commit of which nothing was heard may have gone through: then what it gave is taken over as it stands. */
async function findUnheard(tx: Transaction, hold: Hold, tail: Tail): Promise<Batch | null> {
  await lockHeldRun(tx, hold);
  const [stored] = await tx.select().from(attempts).where(eq(attempts.id, hold.attemptId));
  if (!stored) throw new Error(`attempt ${hold.attemptId} is gone`);
  const isSaid = stored.stdinBytes !== tail.stdinBytes;
  const isOver = stored.isInputOver !== tail.isInputOver;
  if (!isSaid && !isOver && stored.transcriptSeq === tail.transcriptSeq) return null;
  const { driverState, stdinBytes, isInputOver, isTerminal, transcriptSeq } = stored;
  return {
    ...describeTold(tail, beginTelling(driverState)),
    ...{ stdinBytes, isInputOver, isTerminal, transcriptSeq },
    replies: isSaid ? (stored.pendingStdin ?? "") : "",
    closesInput: isOver,
  };
}
