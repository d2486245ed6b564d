import { count } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { runs } from "@/db/schema";
import { type RunStatus, runStatuses } from "@/server/domain/run-status";

export interface RunCounts {
  byStatus: Record<RunStatus, number>;
}

/** How many runs stand in each status; zero is named too. */
export async function countRuns(db: Executor): Promise<RunCounts> {
  const rows = await db
    .select({ status: runs.status, runs: count() })
    .from(runs)
    .groupBy(runs.status);
  const counted = new Map(rows.map((row) => [row.status, row.runs]));
  const entries = runStatuses.map((status) => [status, counted.get(status) ?? 0]);
  return { byStatus: Object.fromEntries(entries) as Record<RunStatus, number> };
}
