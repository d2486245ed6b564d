import { and, eq } from "drizzle-orm";
import { runs } from "@/db/schema";
import { AttemptSuperseded } from "@/server/domain/errors";
import type { Hold, WorkerContext } from "./context";

/** An operator asked to cancel the run. */
export class CancelAsked extends Error {
  constructor() {
    super("an operator asked to cancel the run");
    this.name = "CancelAsked";
  }
}

/** @throws AttemptSuperseded when the fence is old. */
export async function isCancelAsked(context: WorkerContext, hold: Hold): Promise<boolean> {
  const [run] = await context.db
    .select({ cancelAskedAt: runs.cancelAskedAt })
    .from(runs)
    .where(and(eq(runs.id, hold.runId), eq(runs.fence, hold.fence)));
  if (!run) throw new AttemptSuperseded(hold.runId, hold.fence);
  return run.cancelAskedAt !== null;
}
