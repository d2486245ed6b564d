import { and, eq, gte, inArray, max, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { z } from "zod";
import type { Executor } from "@/db/client";
import { runEvents, runs } from "@/db/schema";
import type { Actor } from "@/server/domain/actor";
import { runStatusSchema, terminalStatuses } from "@/server/domain/run-status";
import { runSummarySchema } from "@/server/domain/run-view";
import { workerViewSchema } from "@/server/domain/views";
import { countRuns } from "@/server/runs/count-runs";
import { readRunSummaries } from "@/server/runs/read-run-summaries";
import { listWorkers } from "@/server/workers/list-workers";

export const overviewSchema = z.object({
  needsAttention: z.array(runSummarySchema),
  live: z.array(runSummarySchema),
  recent: z.array(runSummarySchema),
  counts: z.object({ byStatus: z.record(runStatusSchema, z.number().int()) }),
  workers: z.array(workerViewSchema),
  lastEventId: z.number().int(),
});
export type Overview = z.infer<typeof overviewSchema>;

const attentionHours = 24;

/** What an operator wants to see first. Read in a moment, so that no reader's transaction is long. */
export async function getOverview(db: Executor, actor: Actor, now: Date): Promise<Overview> {
  // The position comes first: events of later moments are then seen again, never missed.
  const lastEventId = await readLastEventId(db);
  const [waiting, failed, live, recent, counts, workers] = await Promise.all([
    readRunSummaries(db, actor, { where: eq(runs.status, "waiting"), limit: 20 }),
    readRunSummaries(db, actor, { where: isUnansweredFailure(now), limit: 20 }),
    readRunSummaries(db, actor, {
      where: inArray(runs.status, ["queued", "preparing", "running", "waiting", "finishing"]),
      limit: 50,
    }),
    readRunSummaries(db, actor, { where: inArray(runs.status, [...terminalStatuses]), limit: 10 }),
    countRuns(db),
    listWorkers(db, now),
  ]);
  return {
    needsAttention: [...waiting, ...failed],
    live,
    recent,
    counts,
    workers: workers.items,
    lastEventId,
  };
}

async function readLastEventId(db: Executor): Promise<number> {
  const [newest] = await db.select({ id: max(runEvents.id) }).from(runEvents);
  return newest?.id ?? 0;
}

/** Failed lately, and nobody has rerun it or gone on with its session since. */
function isUnansweredFailure(now: Date): SQL | undefined {
  const before = (hours: number) => new Date(now.getTime() - hours * 3_600_000);
  // Creation is what the index knows; a run that is older than this has long been seen.
  const oldest = before(4 * attentionHours);
  const rerun = alias(runs, "rerun");
  const continued = alias(runs, "continued");
  return and(
    eq(runs.status, "failed"),
    gte(runs.endedAt, before(attentionHours)),
    gte(runs.createdAt, oldest),
    sql`not exists (select from ${runs} ${rerun}
      where ${rerun.rerunOf} = ${runs.id} and ${gte(rerun.createdAt, oldest)})`,
    sql`not exists (select from ${runs} ${continued}
      where ${continued.sessionId} = ${runs.sessionId} and ${continued.createdAt} > ${runs.createdAt})`,
  );
}
