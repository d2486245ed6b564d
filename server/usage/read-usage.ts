import { and, desc, eq, gte, lt, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Executor } from "@/db/client";
import {
  attempts,
  repositories,
  runs,
  sessions,
  usageEntries,
  workflows,
  workflowVersions,
} from "@/db/schema";
import { BadInput } from "@/server/domain/errors";
import { sessionIdSchema } from "@/server/domain/ids";
import { parseInput } from "@/server/domain/parse-input";
import {
  addDays,
  dayOf,
  dayPattern,
  listDays,
  type UsageGroup,
  type UsageReport,
  usageGroupSchema,
} from "@/server/domain/usage-report";
import { agentKindSchema } from "@/server/domain/workflow";
import { filterTextSchema } from "@/server/runs/filter-text";
import { sumColumns, toSum } from "./sum-usage";

const usualDays = 30;
const mostDays = 400;
const mostGroups = 200;

const daySchema = z
  .string()
  .regex(dayPattern, "A day, such as 2026-01-31.")
  .refine((day) => !Number.isNaN(Date.parse(day)) && dayOf(new Date(day)) === day, "No such day.");

export const readUsageInputSchema = z.strictObject({
  by: usageGroupSchema.optional(),
  /** Days of UTC, both counted in; left out, the last 30 days. */
  since: daySchema.optional(),
  until: daySchema.optional(),
  workflow: filterTextSchema.optional(),
  repository: filterTextSchema.optional(),
  session: sessionIdSchema.optional(),
  agent: agentKindSchema.optional(),
  model: filterTextSchema.optional(),
  /** As it stands on runs, e.g. `member:Ada`. */
  createdBy: filterTextSchema.optional(),
});
type Input = z.output<typeof readUsageInputSchema>;

/**
 * What agents used, as they told it: in all, by day, and by what is asked for. An attempt counts on the
 * day its agent ended.
 * @throws BadInput for an unknown group or filter, or a range that is turned round or too long.
 */
export async function readUsage(
  db: Executor,
  input: z.input<typeof readUsageInputSchema>,
  now: Date,
): Promise<UsageReport> {
  const filters = parseInput(readUsageInputSchema, input);
  const until = filters.until ?? dayOf(now);
  const since = filters.since ?? addDays(until, 1 - usualDays);
  assertRange(since, until);
  const by = filters.by ?? "workflow";
  const where = conditions(filters, since, until);
  const [total, days, groups] = await Promise.all([
    sumBy(db, where, sql`0`, sql`''`, 1),
    sumBy(db, where, dayColumn, dayColumn, mostDays),
    sumBy(db, where, keys[by].key, keys[by].name, mostGroups + 1),
  ]);
  return {
    ...{ by, since, until },
    total: toSum(total[0]),
    days: days
      .map((row) => ({ day: String(row.key), ...toSum(row) }))
      .sort((a, b) => a.day.localeCompare(b.day)),
    groups: groups
      .slice(0, mostGroups)
      .map((row) => ({ key: row.key, name: row.name ?? "not told", ...toSum(row) })),
    isCut: groups.length > mostGroups,
  };
}

function assertRange(since: string, until: string): void {
  const days = listDays(since, until).length;
  if (days >= 1 && days <= mostDays) return;
  const message =
    days < 1 ? "The first day is after the last one." : `At most ${mostDays} days at once.`;
  throw new BadInput(message, { fields: { since: message } });
}

const dayColumn = sql<string>`to_char(${usageEntries.at} at time zone 'UTC', 'YYYY-MM-DD')`;

const keys: Record<UsageGroup, { key: SQL; name: SQL }> = {
  day: { key: dayColumn, name: dayColumn },
  workflow: { key: sql`${workflows.name}`, name: sql`${workflows.name}` },
  repository: { key: sql`${repositories.name}`, name: sql`${repositories.name}` },
  session: { key: sql`${sessions.id}::text`, name: sql`max(left(${sessions.title}, 200))` },
  agent: { key: sql`${runs.agent}`, name: sql`${runs.agent}` },
  model: { key: sql`${usageEntries.model}`, name: sql`${usageEntries.model}` },
  person: { key: sql`${runs.createdBy}`, name: sql`${runs.createdBy}` },
};

function sumBy(db: Executor, where: SQL | undefined, key: SQL, name: SQL, limit: number) {
  return db
    .select({ key: sql<string | null>`${key}`, name: sql<string | null>`${name}`, ...sumColumns })
    .from(usageEntries)
    .innerJoin(attempts, eq(attempts.id, usageEntries.attemptId))
    .innerJoin(runs, eq(runs.id, attempts.runId))
    .innerJoin(sessions, eq(sessions.id, runs.sessionId))
    .innerJoin(repositories, eq(repositories.id, runs.repositoryId))
    .innerJoin(workflowVersions, eq(workflowVersions.id, runs.workflowVersionId))
    .innerJoin(workflows, eq(workflows.id, workflowVersions.workflowId))
    .where(where)
    .groupBy(sql`1`)
    .orderBy(desc(sql`coalesce(${sumColumns.costUsd}, 0)`), desc(sumColumns.runs), sql`1`)
    .limit(limit);
}

function conditions(filters: Input, since: string, until: string): SQL | undefined {
  return and(
    gte(usageEntries.at, new Date(`${since}T00:00:00Z`)),
    lt(usageEntries.at, new Date(`${addDays(until, 1)}T00:00:00Z`)),
    filters.workflow ? eq(workflows.name, filters.workflow) : undefined,
    filters.repository ? eq(repositories.name, filters.repository) : undefined,
    filters.session ? eq(runs.sessionId, filters.session) : undefined,
    filters.agent ? eq(runs.agent, filters.agent) : undefined,
    filters.model ? eq(usageEntries.model, filters.model) : undefined,
    filters.createdBy ? eq(runs.createdBy, filters.createdBy) : undefined,
  );
}
