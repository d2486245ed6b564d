import { and, eq, lte, min } from "drizzle-orm";
import type { Database } from "@/db/client";
import { runs } from "@/db/schema";
import type { RunStatus } from "@/server/domain/run-status";
import { countRuns } from "./count-runs";
import { findLastEventId } from "./event-bus";

export interface RunMeasures {
  byStatus: Record<RunStatus, number>;
  /** Of queued runs whose time has come; 0 when none waits. */
  oldestWaitSeconds: number;
  lastEventId: number;
}

/** What an operator's monitoring asks about runs. */
export async function measureRuns(db: Database, now: Date): Promise<RunMeasures> {
  const isDue = and(eq(runs.status, "queued"), lte(runs.availableAt, now));
  const [{ byStatus }, [oldest], lastEventId] = await Promise.all([
    countRuns(db),
    db
      .select({ since: min(runs.availableAt) })
      .from(runs)
      .where(isDue),
    findLastEventId(db),
  ]);
  const since = oldest?.since ?? now;
  const oldestWaitSeconds = Math.max(0, (now.getTime() - since.getTime()) / 1000);
  return { byStatus, oldestWaitSeconds, lastEventId };
}
