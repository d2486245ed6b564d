import { eq, sql } from "drizzle-orm";
import { z } from "zod";
import { workers } from "@/db/schema";
import { recordAudit } from "@/server/audit/record-audit";
import { parseInput } from "@/server/domain/parse-input";
import type { VerbContext } from "@/server/runs/context";
import { findWorker, workerControlChannel, workerNameSchema } from "./find-worker";

export const undrainWorkerInputSchema = z.strictObject({ name: workerNameSchema });

/** Lets a drained worker take runs again. @throws NotFound */
export async function undrainWorker(
  { db, actor, now }: VerbContext,
  input: z.input<typeof undrainWorkerInputSchema>,
): Promise<void> {
  const { name } = parseInput(undrainWorkerInputSchema, input);
  await db.transaction(async (tx) => {
    const worker = await findWorker(tx, name);
    if (!worker.drainAskedAt) return;
    const { drainAskedBy, drainReason } = worker;
    await recordAudit(tx, {
      actor,
      action: "worker.undrained",
      target: `worker:${name}`,
      facts: { drainAskedBy, drainReason },
      now,
    });
    await tx
      .update(workers)
      .set({ drainAskedAt: null, drainAskedBy: null, drainReason: null })
      .where(eq(workers.id, worker.id));
    await tx.execute(sql`select pg_notify(${workerControlChannel}, ${name})`);
  });
}
