import { eq, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Executor } from "@/db/client";
import { repositories, workflows, workflowVersions } from "@/db/schema";
import { commitOriginSchema } from "@/server/domain/commit";
import { sessionIdSchema } from "@/server/domain/ids";
import { parseInput } from "@/server/domain/parse-input";
import { type WorkEntryView, workWhereaboutsSchema } from "@/server/domain/work";
import { filterTextSchema } from "@/server/runs/filter-text";
import { cutPage, type Page, pageFields, readPageCursor } from "@/server/runs/page-cursor";
import { resolveRunId, runKeySchema } from "@/server/runs/resolve-run-id";
import { readWorkEntries } from "./read-work-entries";
import { isAtRisk, oneOf } from "./risk";

export const listWorkInputSchema = z.strictObject({
  /** Only what exists in one place of ours alone and was not let go. */
  atRisk: z.boolean().optional(),
  whereabouts: z.array(workWhereaboutsSchema).optional(),
  /** Who made it, or `leftover` for what is in no commit. */
  origin: z.array(z.enum([...commitOriginSchema.options, "leftover"])).optional(),
  repository: filterTextSchema.optional(),
  /** A workflow's name, any version of it. */
  workflow: filterTextSchema.optional(),
  run: runKeySchema.optional(),
  session: sessionIdSchema.optional(),
  /** Made at least so many hours ago. */
  minAgeHours: z.int().min(0).max(1_000_000).optional(),
  /** The first digits of a commit, or words of its subject or of a leftover's path. */
  q: filterTextSchema.optional(),
  /** What belongs together on the list: entries of a run (newest first), or of a repository. */
  group: z.enum(["run", "repository"]).default("run"),
  ...pageFields,
});
export type ListWorkInput = z.input<typeof listWorkInputSchema>;
type Filters = Omit<z.output<typeof listWorkInputSchema>, "cursor" | "limit">;

const keySchemas = {
  run: z.tuple([z.int()]),
  repository: z.tuple([z.string(), z.int()]),
};

/**
 * One page of the work ledger, the newest entry first.
 * @throws BadInput for an unknown filter or a cursor of another list, NotFound for an unknown run.
 */
export async function listWork(
  db: Executor,
  input: ListWorkInput,
  now: Date,
): Promise<Page<WorkEntryView>> {
  const { cursor, limit, ...filters } = parseInput(listWorkInputSchema, input);
  const places = await resolveNames(db, filters);
  if (!places) return { items: [], nextCursor: null };
  const conditions = [...places, ...filterConditions(filters, now), afterCursor(filters, cursor)];
  const rows = await readWorkEntries(db, {
    where: sql.join(
      conditions.filter((one) => one !== undefined),
      sql` and `,
    ),
    isByRepository: filters.group === "repository",
    limit: limit + 1,
    now,
  });
  return cutPage(rows, limit, (entry) =>
    filters.group === "repository" ? [entry.repository.name, entry.id] : [entry.id],
  );
}

function afterCursor({ group }: Filters, cursor: string | null | undefined): SQL | undefined {
  if (group === "run") {
    const after = readPageCursor(keySchemas.run, cursor);
    return after ? sql`e.id < ${after[0]}` : undefined;
  }
  const after = readPageCursor(keySchemas.repository, cursor);
  return after
    ? sql`(p.name > ${after[0]} or (p.name = ${after[0]} and e.id < ${after[1]}))`
    : undefined;
}

/** Names become ids first, so that an index of theirs finds the page. Null: a name is nobody's. */
async function resolveNames(db: Executor, filters: Filters): Promise<SQL[] | null> {
  const conditions: SQL[] = [sql`true`];
  if (filters.repository) {
    const [repository] = await db
      .select({ id: repositories.id })
      .from(repositories)
      .where(eq(repositories.name, filters.repository));
    if (!repository) return null;
    conditions.push(sql`e.repository_id = ${repository.id}`);
  }
  if (filters.workflow) {
    const [workflow] = await db
      .select({ id: workflows.id })
      .from(workflows)
      .where(eq(workflows.name, filters.workflow));
    if (!workflow) return null;
    conditions.push(sql`r.workflow_version_id in (select ${workflowVersions.id}
      from ${workflowVersions} where ${workflowVersions.workflowId} = ${workflow.id})`);
  }
  if (filters.run !== undefined) {
    conditions.push(sql`e.run_id = ${await resolveRunId(db, filters.run)}`);
  }
  return conditions;
}

function filterConditions(filters: Filters, now: Date): (SQL | undefined)[] {
  const { whereabouts, origin, session, minAgeHours, q } = filters;
  const youngest = new Date(now.getTime() - (minAgeHours ?? 0) * 3_600_000).toISOString();
  return [
    filters.atRisk ? sql`(${isAtRisk})` : undefined,
    whereabouts?.length ? sql`e.whereabouts in ${oneOf(whereabouts)}` : undefined,
    origin?.length ? matchesOrigin(origin) : undefined,
    session
      ? sql`e.run_id = any(array(select s.id from runs s where s.session_id = ${session}))`
      : undefined,
    minAgeHours ? sql`e.at <= ${youngest}::timestamptz` : undefined,
    q?.trim() ? matchesText(q.trim()) : undefined,
  ];
}

function matchesOrigin(origin: NonNullable<Filters["origin"]>): SQL {
  const isLeftover = sql`e.sha is null`;
  const makers = origin.filter((one) => one !== "leftover");
  if (makers.length === 0) return isLeftover;
  const isTheirs = sql`e.origin in ${oneOf(makers)}`;
  return origin.includes("leftover") ? sql`(${isLeftover} or ${isTheirs})` : isTheirs;
}

/** Seven hexadecimal digits are a commit; fewer may be a word too. */
function matchesText(q: string): SQL {
  const pattern = `%${q.replace(/[\\%_]/g, "\\$&")}%`;
  const hex = q.toLowerCase();
  // As ids, which are few: ordered by id, the planner would rather read the ledger from its end.
  const bySha = sql`e.id = any(array(select c.id from work_entries c
    where c.sha >= ${hex} and c.sha < ${`${hex}g`} limit 1000))`;
  if (/^[0-9a-f]{7,64}$/.test(hex)) return bySha;
  const byTitle = sql`e.title ilike ${pattern}`;
  return /^[0-9a-f]{4,6}$/.test(hex) ? sql`(${bySha} or ${byTitle})` : byTitle;
}
