import { eq, sql } from "drizzle-orm";
import type { Database } from "@/db/client";
import { attempts, installation, repositories, runs, workspaces } from "@/db/schema";
import type { AttemptId, RepositoryId, RunId, WorkerId, WorkspaceId } from "@/server/domain/ids";
import { heldStatuses, type RunStatus } from "@/server/domain/run-status";
import { listRunJobs, type RunJob } from "@/server/jobs/list-run-jobs";

/** What is asked of the rows, as it was found on a host. */
export interface FoundOnHost {
  workerId: WorkerId;
  /** Runs named by control folders and processes. */
  runIds: string[];
  /** Runs named by refs. */
  refRunIds: string[];
  /** Workspaces named by folders and shadows. */
  workspaceIds: string[];
}

export interface AttemptRow {
  id: AttemptId;
  number: number;
  workerId: WorkerId;
  controlPath: string;
  startedAt: Date;
  endedAt: Date | null;
  runId: RunId;
  runNumber: number;
  runStatus: RunStatus;
  runStatusSince: Date;
  runEndedAt: Date | null;
  /** The number of the run's newest attempt. */
  runAttemptNumber: number;
  repositoryId: RepositoryId;
}

export interface WorkspaceRow {
  id: WorkspaceId;
  repositoryId: RepositoryId;
  workerId: WorkerId | null;
  state: (typeof workspaces.$inferSelect)["state"];
  path: string | null;
  createdAt: Date;
  usedAt: Date | null;
  removedAt: Date | null;
  /** The number of the run that holds it now. */
  heldBy: number | null;
}

export interface HostRows {
  installationId: string | null;
  /** Attempts of the runs that were found, and of all that this worker holds. */
  attempts: AttemptRow[];
  /** This worker's workspaces that are not removed, and those that were found. */
  workspaces: WorkspaceRow[];
  repositories: { id: RepositoryId; name: string; origin: string; workerId: WorkerId | null }[];
  jobs: RunJob[];
  /** Those of the runs named by refs that there are. */
  knownRunIds: Set<string>;
}

/** Reads the rows about what was found on a host, and about what should be there, in one snapshot. */
export async function readHostRows(db: Database, found: FoundOnHost): Promise<HostRows> {
  return db.transaction(
    async (tx) => {
      const [row] = await tx.select({ id: installation.id }).from(installation);
      return {
        installationId: row?.id ?? null,
        attempts: await selectAttempts(tx, found),
        workspaces: await selectWorkspaces(tx, found),
        repositories: await tx
          .select({
            id: repositories.id,
            name: repositories.name,
            origin: repositories.origin,
            workerId: repositories.workerId,
          })
          .from(repositories),
        jobs: await listRunJobs(tx),
        knownRunIds: await selectKnownRuns(tx, found.refRunIds),
      };
    },
    { isolationLevel: "repeatable read", accessMode: "read only" },
  );
}

type Reader = Parameters<Parameters<Database["transaction"]>[0]>[0];

const oneOf = (ids: string[]) => sql`any(${sql.param(ids)}::uuid[])`;
const held = sql.raw(heldStatuses.map((status) => `'${status}'`).join(", "));

function selectAttempts(tx: Reader, { workerId, runIds }: FoundOnHost): Promise<AttemptRow[]> {
  return tx
    .select({
      id: attempts.id,
      number: attempts.number,
      workerId: attempts.workerId,
      controlPath: attempts.controlPath,
      startedAt: attempts.startedAt,
      endedAt: attempts.endedAt,
      runId: runs.id,
      runNumber: runs.number,
      runStatus: runs.status,
      runStatusSince: runs.statusSince,
      runEndedAt: runs.endedAt,
      runAttemptNumber: runs.attemptNumber,
      repositoryId: runs.repositoryId,
    })
    .from(runs)
    .innerJoin(attempts, eq(attempts.runId, runs.id))
    .where(
      sql`${runs.id} = ${oneOf(runIds)} or (${runs.workerId} = ${workerId} and ${runs.status} in (${held}))`,
    );
}

function selectWorkspaces(
  tx: Reader,
  { workerId, workspaceIds }: FoundOnHost,
): Promise<WorkspaceRow[]> {
  return tx
    .select({
      id: workspaces.id,
      repositoryId: workspaces.repositoryId,
      workerId: workspaces.workerId,
      state: workspaces.state,
      path: workspaces.path,
      createdAt: workspaces.createdAt,
      usedAt: workspaces.usedAt,
      removedAt: workspaces.removedAt,
      // Written out: in a select of one table a column stands without its table.
      heldBy: sql<number | null>`(select holder.number::int from runs holder
        where holder.workspace_id = workspaces.id and holder.status in (${held}))`,
    })
    .from(workspaces)
    .where(
      sql`(${workspaces.workerId} = ${workerId} and ${workspaces.state} <> 'removed')
        or ${workspaces.id} = ${oneOf(workspaceIds)}`,
    );
}

async function selectKnownRuns(tx: Reader, ids: string[]): Promise<Set<string>> {
  const known = await tx
    .select({ id: runs.id })
    .from(runs)
    .where(sql`${runs.id} = ${oneOf(ids)}`);
  return new Set(known.map(({ id }) => id));
}
