import { and, asc, eq, gt, isNull } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { workers } from "@/db/schema";
import type { WorkerId } from "@/server/domain/ids";
import { workerAwaySeconds } from "@/server/domain/worker";

export interface LiveWorker {
  id: WorkerId;
  name: string;
}

/** The workers that beat lately and have not stopped; only the given one if one is given. */
export async function findLiveWorkers(
  db: Executor,
  now: Date,
  workerId: WorkerId | null = null,
): Promise<LiveWorker[]> {
  return db
    .select({ id: workers.id, name: workers.name })
    .from(workers)
    .where(
      and(
        isNull(workers.stoppedAt),
        gt(workers.heartbeatAt, new Date(now.getTime() - workerAwaySeconds * 1000)),
        workerId ? eq(workers.id, workerId) : undefined,
      ),
    )
    .orderBy(asc(workers.name))
    .limit(200);
}

export function isWorkerAlive(
  worker: { heartbeatAt: Date; stoppedAt: Date | null },
  now: Date,
): boolean {
  const silentMs = now.getTime() - worker.heartbeatAt.getTime();
  return worker.stoppedAt === null && silentMs < workerAwaySeconds * 1000;
}
