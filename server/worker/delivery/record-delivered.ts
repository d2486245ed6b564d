import { and, eq, inArray } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { deliveries } from "@/db/schema";
import { moveDelivery } from "@/server/delivery/move-delivery";
import type { FileConflict } from "@/server/domain/delivery";
import { decideNextTry, type Refusal } from "@/server/domain/delivery-rules";
import { Conflict } from "@/server/domain/errors";
import type { Sha } from "@/server/domain/ids";
import { appendEvent } from "@/server/runs/append-event";
import { type WorkerContext, workerActor } from "../context";
import { openRedactorOf } from "../open-run-redactor";
import type { Delivery } from "./load-delivery-work";

const open: Delivery["state"][] = ["planned", "running"];

/** What is to be pushed where, over what: committed before the push. @throws Conflict when it has ended. */
export async function recordIntent(
  context: WorkerContext,
  { id, state }: Delivery,
  intent: { oldSha: Sha | null; resultSha: Sha | null },
): Promise<void> {
  const now = new Date();
  const set = { ...intent, startedAt: now, nextTryAt: null, problem: null, hint: null };
  await context.db.transaction(async (tx) => {
    if (state === "planned") {
      const actor = workerActor(context);
      await moveDelivery(tx, { id, from: ["planned"], to: "running", set, actor, now });
      return;
    }
    const again = await tx
      .update(deliveries)
      .set(set)
      .where(and(eq(deliveries.id, id), eq(deliveries.state, "running")))
      .returning({ id: deliveries.id });
    if (again.length === 0) throw new Conflict("The delivery has ended meanwhile.");
  });
}

/** The origin has it. Of an undo, what it took back is undone in the same transaction. */
export async function recordDelivered(
  context: WorkerContext,
  delivery: Delivery,
  set: Partial<Delivery>,
): Promise<void> {
  const now = new Date();
  const actor = workerActor(context);
  await context.db.transaction(async (tx) => {
    const { id, undoOf } = delivery;
    const done = { problem: null, hint: null, nextTryAt: null, ...set };
    await moveDelivery(tx, { id, from: open, to: "delivered", set: done, actor, now });
    if (undoOf) await recordUndone(tx, delivery, actor, now);
  });
}

async function recordUndone(tx: Transaction, { undoOf, by }: Delivery, actor: string, now: Date) {
  if (!undoOf) return;
  const set = { undoneBy: by, undoneAt: now };
  await moveDelivery(tx, { id: undoOf, from: ["delivered"], to: "undone", set, actor, now });
}

/** It does not merge, or nobody takes it; nothing was changed at the target. */
export async function recordRefused(
  context: WorkerContext,
  { id, runId }: Delivery,
  end: Refusal | { conflicts: FileConflict[]; oldSha: Sha | null },
): Promise<void> {
  const redactor = await openRedactorOf(context, runId);
  const redactText = (text: string) => redactor.redactText(text);
  const isConflict = "conflicts" in end;
  const conflicts = isConflict ? end.conflicts : [];
  const set = {
    nextTryAt: null,
    conflicts: conflicts.map(({ path, hunks }) => ({ path, hunks: hunks.map(redactText) })),
    ...(isConflict
      ? { oldSha: end.oldSha, resultSha: null, problem: describeConflicts(conflicts) }
      : { problem: redactText(end.problem), hint: end.hint }),
    ...(isConflict ? { hint: "Have the agent resolve it, or resolve it by hand." } : {}),
  };
  const to = isConflict ? "conflict" : "refused";
  const actor = workerActor(context);
  await context.db.transaction((tx) =>
    moveDelivery(tx, { id, from: open, to, set, actor, now: new Date() }),
  );
}

function describeConflicts(conflicts: FileConflict[]): string {
  const [first] = conflicts;
  if (conflicts.length === 1) return `${first?.path} does not merge; nothing was changed.`;
  return `${conflicts.length} files do not merge; nothing was changed.`;
}

/** The origin, or the forge, could not be asked: it is tried again later, or ends as failed. */
export async function putOff(
  context: WorkerContext,
  { id, runId, tries: before, startedAt }: Delivery,
  what: string,
  isRunHeld: boolean,
): Promise<void> {
  const now = new Date();
  const tries = before + 1;
  const actor = workerActor(context);
  const problem = (await openRedactorOf(context, runId)).redactText(what);
  const pause = decideNextTry(tries, isRunHeld);
  await context.db.transaction(async (tx) => {
    if (pause === null) {
      const doubt = startedAt
        ? "Whether the push has happened is not known: look at the origin. "
        : "";
      const hint = `${doubt}Deliver again when it can be reached; what is there already is not done twice.`;
      const set = { tries, problem, hint, nextTryAt: null };
      await moveDelivery(tx, { id, from: open, to: "failed", set, actor, now });
      return;
    }
    const nextTryAt = new Date(now.getTime() + pause * 1000);
    const [kept] = await tx
      .update(deliveries)
      .set({ tries, problem, nextTryAt })
      .where(and(eq(deliveries.id, id), inArray(deliveries.state, open)))
      .returning({ state: deliveries.state });
    if (!kept) return;
    const text = `${problem} It is tried again.`;
    const data = { delivery: id, state: kept.state, text, nextTryAt };
    await appendEvent(tx, { runId, kind: "delivery_moved", actor, data, now });
  });
}
