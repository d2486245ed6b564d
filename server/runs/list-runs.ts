import { and, eq, ilike, inArray, or, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Executor } from "@/db/client";
import { repositories, runs, workflows, workflowVersions } from "@/db/schema";
import type { Actor } from "@/server/domain/actor";
import { sessionIdSchema, workspaceIdSchema } from "@/server/domain/ids";
import { parseInput } from "@/server/domain/parse-input";
import { runStatusSchema } from "@/server/domain/run-status";
import type { RunSummary } from "@/server/domain/run-view";
import { filterTextSchema } from "./filter-text";
import { createdKeySchema, cutPage, type Page, pageFields, readPageCursor } from "./page-cursor";
import { readRunSummaries } from "./read-run-summaries";

export const listRunsInputSchema = z.strictObject({
  status: z.array(runStatusSchema).optional(),
  /** A workflow's name, any version of it. */
  workflow: filterTextSchema.optional(),
  repository: filterTextSchema.optional(),
  session: sessionIdSchema.optional(),
  workspace: workspaceIdSchema.optional(),
  /** As it stands on runs, e.g. `member:Ada`. */
  createdBy: filterTextSchema.optional(),
  /** Words of the message or branch, or a #number. */
  q: filterTextSchema.optional(),
  ...pageFields,
});
export type ListRunsInput = z.input<typeof listRunsInputSchema>;

/**
 * One page of runs, newest first.
 * @throws BadInput for an unknown filter, a wrong value, or a cursor of another list.
 */
export async function listRuns(
  db: Executor,
  input: ListRunsInput,
  actor: Actor,
): Promise<Page<RunSummary>> {
  const { cursor, limit, ...filters } = parseInput(listRunsInputSchema, input);
  const after = readPageCursor(createdKeySchema, cursor);
  const named = await resolveNames(db, filters);
  if (!named) return { items: [], nextCursor: null };
  const where = and(
    ...named,
    ...filterConditions(filters),
    after
      ? sql`(${runs.createdAt}, ${runs.id}) < (${after[0]}::timestamptz, ${after[1]}::uuid)`
      : undefined,
  );
  const rows = await readRunSummaries(db, actor, { where, limit: limit + 1 });
  return cutPage(rows, limit, (run) => [run.createdAt.toISOString(), run.id]);
}

type Filters = Omit<z.output<typeof listRunsInputSchema>, "cursor" | "limit">;

/**
 * Names become ids before the page is read: only then does the planner see how rare they are, and an
 * index of theirs gives the page in order. Null when a name stands for nothing.
 */
async function resolveNames(db: Executor, filters: Filters): Promise<SQL[] | null> {
  const conditions: SQL[] = [];
  if (filters.repository) {
    const [repository] = await db
      .select({ id: repositories.id })
      .from(repositories)
      .where(eq(repositories.name, filters.repository));
    if (!repository) return null;
    conditions.push(eq(runs.repositoryId, repository.id));
  }
  if (filters.workflow) {
    const versions = await db
      .select({ id: workflowVersions.id })
      .from(workflowVersions)
      .innerJoin(workflows, eq(workflows.id, workflowVersions.workflowId))
      .where(eq(workflows.name, filters.workflow));
    if (versions.length === 0) return null;
    const ids = versions.map(({ id }) => id);
    conditions.push(inArray(runs.workflowVersionId, ids));
  }
  return conditions;
}

function filterConditions(filters: Filters): (SQL | undefined)[] {
  return [
    filters.status?.length ? inArray(runs.status, filters.status) : undefined,
    filters.session ? eq(runs.sessionId, filters.session) : undefined,
    filters.workspace ? eq(runs.workspaceId, filters.workspace) : undefined,
    filters.createdBy ? eq(runs.createdBy, filters.createdBy) : undefined,
    filters.q?.trim() ? matchesText(filters.q.trim()) : undefined,
  ];
}

/** The beginning of the message only: the rest may be 256 KiB and lies out of line. */
function matchesText(q: string): SQL | undefined {
  const pattern = `%${q.replace(/[\\%_]/g, "\\$&")}%`;
  const number = /^#?(\d{1,15})$/.exec(q)?.[1];
  return or(
    number ? eq(runs.number, Number(number)) : undefined,
    ilike(sql`left(${runs.message}, 2000)`, pattern),
    ilike(runs.branch, pattern),
  );
}
