import { and, eq } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { runs } from "@/db/schema";
import { AttemptSuperseded } from "@/server/domain/errors";
import type { Hold } from "../context";

/**
 * Locks the row of the run that this worker holds. Whoever locks it and other rows of the run begins
 * with it, so that nobody waits for another in a circle.
 * @throws AttemptSuperseded when the fence is old.
 */
export async function lockHeldRun(tx: Transaction, hold: Hold): Promise<typeof runs.$inferSelect> {
  const [run] = await tx
    .select()
    .from(runs)
    .where(and(eq(runs.id, hold.runId), eq(runs.fence, hold.fence)))
    .for("update");
  if (!run) throw new AttemptSuperseded(hold.runId, hold.fence);
  return run;
}
