import { and, asc, eq, type SQL, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { runs, workflows, workflowVersions } from "@/db/schema";
import type { WorkflowView } from "@/server/domain/views";

/** The newest version of each workflow that meets a condition, by name. */
export async function readWorkflowViews(
  db: Executor,
  { where, limit }: { where: SQL | undefined; limit: number },
): Promise<WorkflowView[]> {
  const newest = sql`(select max(v.version) from workflow_versions v where v.workflow_id = ${workflows.id})`;
  const rows = await selectVersions(
    db,
    ofAnyVersion,
    and(where, eq(workflowVersions.version, newest)),
  )
    .orderBy(asc(workflows.name))
    .limit(limit);
  return rows.map(toWorkflowView);
}

/** Versions that meet a condition, newest first; their runs are those of the version alone. */
export async function readVersionViews(
  db: Executor,
  { where, limit }: { where: SQL | undefined; limit: number },
): Promise<WorkflowView[]> {
  const rows = await selectVersions(db, ofThisVersion, where)
    .orderBy(sql`${workflowVersions.version} desc`)
    .limit(limit);
  return rows.map(toWorkflowView);
}

const ofThisVersion = sql`from ${runs} where ${runs.workflowVersionId} = ${workflowVersions.id}`;
const ofAnyVersion = sql`from ${runs} where ${runs.workflowVersionId} in
  (select v.id from workflow_versions v where v.workflow_id = ${workflows.id})`;

type VersionRow = Awaited<ReturnType<typeof selectVersions>>[number];

function selectVersions(db: Executor, countedRuns: SQL, where: SQL | undefined) {
  return db
    .select({
      id: workflows.id,
      name: workflows.name,
      version: workflowVersions.version,
      definition: workflowVersions.definition,
      createdBy: workflowVersions.createdBy,
      createdAt: workflowVersions.createdAt,
      runs: sql`(select count(*) ${countedRuns})`.mapWith(Number),
      lastRunAt: sql`(select max(${runs.createdAt}) ${countedRuns})`.mapWith(
        runs.createdAt,
      ) as SQL<Date | null>,
    })
    .from(workflows)
    .innerJoin(workflowVersions, eq(workflowVersions.workflowId, workflows.id))
    .where(where)
    .$dynamic();
}

function toWorkflowView({ definition, ...row }: VersionRow): WorkflowView {
  return { ...definition, ...row };
}
