import { eq, sql } from "drizzle-orm";
import { z } from "zod";
import { workers } from "@/db/schema";
import { recordAudit } from "@/server/audit/record-audit";
import { parseInput } from "@/server/domain/parse-input";
import { maxCapacity } from "@/server/domain/worker";
import type { VerbContext } from "@/server/runs/context";
import { findWorker, workerControlChannel, workerNameSchema } from "./find-worker";

export const setCapacityInputSchema = z.strictObject({
  name: workerNameSchema,
  /** Runs at once; null: as many as the worker was started with. */
  capacity: z.int().min(0).max(maxCapacity).nullable(),
});

/**
 * Sets how many runs a worker carries at once, from now on and over its restarts. Runs that it holds
 * beyond that go on to their end.
 * @throws NotFound
 */
export async function setCapacity(
  { db, actor, now }: VerbContext,
  input: z.input<typeof setCapacityInputSchema>,
): Promise<void> {
  const { name, capacity } = parseInput(setCapacityInputSchema, input);
  await db.transaction(async (tx) => {
    const worker = await findWorker(tx, name);
    if (worker.capacity === capacity) return;
    await recordAudit(tx, {
      actor,
      action: "worker.capacity_set",
      target: `worker:${name}`,
      facts: { from: worker.capacity, to: capacity, startedWith: worker.slots },
      now,
    });
    await tx.update(workers).set({ capacity }).where(eq(workers.id, worker.id));
    await tx.execute(sql`select pg_notify(${workerControlChannel}, ${name})`);
  });
}
