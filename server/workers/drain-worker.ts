import { eq, sql } from "drizzle-orm";
import { z } from "zod";
import { workers } from "@/db/schema";
import { recordAudit } from "@/server/audit/record-audit";
import { nameActor } from "@/server/domain/actor";
import { parseInput } from "@/server/domain/parse-input";
import type { VerbContext } from "@/server/runs/context";
import { findWorker, workerControlChannel, workerNameSchema } from "./find-worker";

export const drainWorkerInputSchema = z.strictObject({
  name: workerNameSchema,
  reason: z.string().trim().max(500).nullish(),
});

/**
 * Has a worker take no new run, for an upgrade or a rest; its agents go on. Asked of one that is
 * drained already, it changes nothing.
 * @throws NotFound
 */
export async function drainWorker(
  { db, actor, now }: VerbContext,
  input: z.input<typeof drainWorkerInputSchema>,
): Promise<void> {
  const { name, reason } = parseInput(drainWorkerInputSchema, input);
  await db.transaction(async (tx) => {
    const worker = await findWorker(tx, name);
    if (worker.drainAskedAt) return;
    await recordAudit(tx, {
      actor,
      action: "worker.drained",
      target: `worker:${name}`,
      facts: { reason: reason ?? null },
      now,
    });
    await tx
      .update(workers)
      .set({ drainAskedAt: now, drainAskedBy: nameActor(actor), drainReason: reason || null })
      .where(eq(workers.id, worker.id));
    await tx.execute(sql`select pg_notify(${workerControlChannel}, ${name})`);
  });
}
