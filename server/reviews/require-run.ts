import { eq } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { runs } from "@/db/schema";
import { NotFound } from "@/server/domain/errors";
import type { RunId } from "@/server/domain/ids";

export type ReviewedRun = typeof runs.$inferSelect;

/** @throws NotFound */
export async function requireRun(db: Executor, runId: RunId): Promise<ReviewedRun> {
  const [run] = await db.select().from(runs).where(eq(runs.id, runId));
  if (!run) throw new NotFound("run", runId);
  return run;
}
