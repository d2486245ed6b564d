import { eq, sql } from "drizzle-orm";
import { z } from "zod";
import type { Transaction } from "@/db/client";
import { workers } from "@/db/schema";
import { recordAudit } from "@/server/audit/record-audit";
import { nameActor } from "@/server/domain/actor";
import { Conflict } from "@/server/domain/errors";
import { parseInput } from "@/server/domain/parse-input";
import { decideWorkerState, isPresent } from "@/server/domain/worker";
import type { VerbContext } from "@/server/runs/context";
import { findWorker, workerControlChannel, workerNameSchema } from "./find-worker";
import { type MovedOff, moveOffLostHost } from "./move-off-lost-host";

export const declareHostLostInputSchema = z.strictObject({
  name: workerNameSchema,
  reason: z.string().trim().min(3).max(500),
});

/**
 * Declares the host of a worker lost: what it held is queued again for another host where its work
 * can be had there, and waits for this host otherwise. The one case in which the old processes are not
 * proved dead before another host takes over.
 * @throws NotFound; Conflict when the worker is alive or its host is declared lost already.
 */
export async function declareHostLost(
  context: VerbContext,
  input: z.input<typeof declareHostLostInputSchema>,
): Promise<MovedOff> {
  const { name, reason } = parseInput(declareHostLostInputSchema, input);
  const { db, actor, now } = context;
  const workerId = await db.transaction(async (tx) => {
    const worker = await findWorker(tx, name);
    await refuseIfThere(tx, worker);
    await recordAudit(tx, {
      actor,
      action: "worker.declared_lost",
      target: `worker:${name}`,
      facts: { reason, host: worker.host, heartbeatAt: worker.heartbeatAt.toISOString() },
      now,
    });
    await tx
      .update(workers)
      .set({ lostAt: now, lostBy: nameActor(actor), lostReason: reason })
      .where(eq(workers.id, worker.id));
    await tx.execute(sql`select pg_notify(${workerControlChannel}, ${name})`);
    return worker.id;
  });
  // Each run in a transaction of its own; whatever is left over is done by any worker's next round.
  return moveOffLostHost({ db, now }, workerId);
}

async function refuseIfThere(tx: Transaction, worker: typeof workers.$inferSelect): Promise<void> {
  const [{ now: databaseNow } = { now: new Date() }] = await tx
    .select({ now: sql<Date>`now()`.mapWith(workers.startedAt) })
    .from(workers)
    .where(eq(workers.id, worker.id));
  const state = decideWorkerState({ ...worker, held: 0 }, databaseNow);
  if (state === "lost") {
    throw new Conflict(`The host of “${worker.name}” is declared lost already.`, {
      hint: "It is believed again when its worker comes back.",
    });
  }
  if (isPresent(state)) {
    throw new Conflict(`The worker “${worker.name}” is alive: its host is not lost.`, {
      hint: "Drain it, and stop it when it holds no run any more.",
      facts: { heartbeatAt: worker.heartbeatAt },
    });
  }
}
