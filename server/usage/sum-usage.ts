import { type SQL, sql } from "drizzle-orm";
import type { PgColumn } from "drizzle-orm/pg-core";
import { attempts, usageEntries } from "@/db/schema";
import type { UsageSum } from "@/server/domain/usage-report";

const sum = (column: PgColumn): SQL<number | null> =>
  sql`sum(${column})`.mapWith((value: string | null) => (value === null ? null : Number(value)));
const countRuns = (where: SQL): SQL<number> =>
  sql`count(distinct ${attempts.runId}) filter (where ${where})`.mapWith(Number);

/** Postgres leaves unknown values out of a sum; a sum of nothing but unknowns is unknown. */
export const sumColumns = {
  runs: sql<number>`count(distinct ${attempts.runId})`.mapWith(Number),
  attempts: sql<number>`count(distinct ${attempts.id})`.mapWith(Number),
  inputTokens: sum(usageEntries.inputTokens),
  outputTokens: sum(usageEntries.outputTokens),
  cachedTokens: sum(usageEntries.cachedTokens),
  costUsd: sum(usageEntries.costUsd),
  unknownCostRuns: countRuns(sql`${usageEntries.costUsd} is null`),
  unknownTokenRuns: countRuns(
    sql`${usageEntries.inputTokens} is null or ${usageEntries.outputTokens} is null`,
  ),
};

const nothing: UsageSum = {
  ...{ runs: 0, attempts: 0, inputTokens: 0, outputTokens: 0, cachedTokens: 0, costUsd: 0 },
  ...{ unknownCostRuns: 0, unknownTokenRuns: 0 },
};

/** The sum alone; of no attempts at all it is 0, and that is known. */
export function toSum(row: UsageSum | undefined): UsageSum {
  if (!row) return nothing;
  const { inputTokens, outputTokens, cachedTokens, costUsd } = row;
  const { runs, attempts: tries, unknownCostRuns, unknownTokenRuns } = row;
  return {
    ...{ runs, attempts: tries, inputTokens, outputTokens, cachedTokens, costUsd },
    ...{ unknownCostRuns, unknownTokenRuns },
  };
}
