import { eq } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { runs } from "@/db/schema";
import { Conflict, NotFound, Unprocessable } from "@/server/domain/errors";
import type { RunId } from "@/server/domain/ids";
import { findSteerRefusal, type Refusal, type SteeringFacts } from "@/server/domain/steering";

type Run = typeof runs.$inferSelect;

/**
 * Locks the run's row: its status stays as it is until the transaction ends.
 * @throws NotFound; Conflict for what `findRefusal` says against it, Unprocessable where no status of
 *   the run would help: its agent reads nothing, ever.
 */
export async function lockRun(
  tx: Transaction,
  runId: RunId,
  findRefusal: (run: SteeringFacts) => Refusal | null,
): Promise<Run> {
  const [run] = await tx.select().from(runs).where(eq(runs.id, runId)).for("update");
  if (!run) throw new NotFound("run", runId);
  const refusal = findRefusal({ ...run, isCancelAsked: run.cancelAskedAt !== null });
  if (!refusal) return run;
  const detail = { hint: refusal.hint, facts: { runId, status: run.status, agent: run.agent } };
  const never = findSteerRefusal({ agent: run.agent, status: "running", isCancelAsked: false });
  if (never?.message === refusal.message) throw new Unprocessable(refusal.message, detail);
  throw new Conflict(refusal.message, detail);
}
