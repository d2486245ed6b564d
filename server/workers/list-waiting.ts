import { and, asc, eq } from "drizzle-orm";
import { z } from "zod";
import type { Database } from "@/db/client";
import { runs, workers, workspaces } from "@/db/schema";
import { parseInput } from "@/server/domain/parse-input";
import { explainWait } from "@/server/runs/explain-wait";
import { getWorker, getWorkerInputSchema } from "./get-worker";

export const waitingRunSchema = z.object({
  runId: z.string(),
  number: z.number().int(),
  since: z.date(),
  sentence: z.string(),
});
export type WaitingRun = z.infer<typeof waitingRunSchema>;

/**
 * The queued runs that only this worker can take, longest first, and what each waits for; at most
 * 100.
 * @throws NotFound
 */
export async function listWaiting(
  db: Database,
  input: z.input<typeof getWorkerInputSchema>,
): Promise<{ items: WaitingRun[] }> {
  const { name } = parseInput(getWorkerInputSchema, input);
  const worker = await getWorker(db, { name });
  const found = await db
    .select({ run: runs, workerId: workers.id })
    .from(runs)
    .innerJoin(workspaces, eq(workspaces.id, runs.workspaceId))
    .innerJoin(workers, eq(workers.id, workspaces.workerId))
    .where(and(eq(workers.name, name), eq(runs.status, "queued")))
    .orderBy(asc(runs.statusSince))
    .limit(100);
  const waiting: WaitingRun[] = [];
  for (const { run, workerId } of found) {
    const sentence = await explainWait(db, run, { ...worker, id: workerId });
    waiting.push({ runId: run.id, number: run.number, since: run.statusSince, sentence });
  }
  return { items: waiting };
}
