import { asc, eq } from "drizzle-orm";
import { z } from "zod";
import type { Executor } from "@/db/client";
import { attempts, workers } from "@/db/schema";
import { parseInput } from "@/server/domain/parse-input";
import type { AttemptView } from "@/server/domain/run-view";
import { resolveRunId, runKeySchema } from "./resolve-run-id";

export const listAttemptsInputSchema = z.strictObject({ id: runKeySchema });

/**
 * The attempts of a run, oldest first. The retry policy keeps them few; 200 bound the answer.
 * @throws NotFound
 */
export async function listAttempts(
  db: Executor,
  input: z.input<typeof listAttemptsInputSchema>,
): Promise<{ items: AttemptView[] }> {
  const { id } = parseInput(listAttemptsInputSchema, input);
  const runId = await resolveRunId(db, id);
  const items = await db
    .select({
      id: attempts.id,
      number: attempts.number,
      worker: workers.name,
      startedAt: attempts.startedAt,
      agentStartedAt: attempts.agentStartedAt,
      endedAt: attempts.endedAt,
      endReason: attempts.endReason,
      pid: attempts.pid,
      isolation: attempts.isolation,
      exitCode: attempts.exitCode,
      exitSignal: attempts.exitSignal,
      outputBytes: attempts.outputBytes,
      baseCommit: attempts.baseCommit,
      headCommit: attempts.headCommit,
    })
    .from(attempts)
    .innerJoin(workers, eq(workers.id, attempts.workerId))
    .where(eq(attempts.runId, runId))
    .orderBy(asc(attempts.number))
    .limit(200);
  return { items };
}
