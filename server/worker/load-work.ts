import { and, eq, sql } from "drizzle-orm";
import type { Database } from "@/db/client";
import {
  agentSessions,
  attempts,
  repositories,
  runs,
  sessions,
  workflows,
  workflowVersions,
  workspaces,
} from "@/db/schema";
import { AttemptSuperseded } from "@/server/domain/errors";
import type { Sha } from "@/server/domain/ids";
import type { Hold, WorkerContext } from "./context";

/** Everything about a held run, read through its id. */
export async function loadWork(context: WorkerContext, hold: Hold) {
  const [row] = await statementOf(context.db).execute({
    run: hold.runId,
    attempt: hold.attemptId,
    fence: hold.fence,
  });
  if (!row) throw new AttemptSuperseded(hold.runId, hold.fence);
  return row;
}

const statements = new WeakMap<Database, ReturnType<typeof prepareStatement>>();

function statementOf(db: Database) {
  const known = statements.get(db) ?? prepareStatement(db);
  statements.set(db, known);
  return known;
}

/** Where the run before this one in the session ended; null for the session's first. */
const sessionHead = sql<Sha | null>`(
  select earlier.head_commit from ${runs} as earlier
  where earlier.session_id = ${runs.sessionId} and earlier.number < ${runs.number}
    and earlier.head_commit is not null
  order by earlier.number desc limit 1)`;

/** Prepared, because to plan eight tables anew takes 6 ms and is asked several times a run. */
function prepareStatement(db: Database) {
  return db
    .select({
      run: runs,
      attempt: attempts,
      workspace: workspaces,
      repository: repositories,
      session: sessions,
      agentSession: agentSessions,
      workflow: workflows.name,
      definition: workflowVersions.definition,
      sessionHead,
    })
    .from(runs)
    .innerJoin(attempts, eq(attempts.id, sql.placeholder("attempt")))
    .innerJoin(workspaces, eq(workspaces.id, runs.workspaceId))
    .innerJoin(repositories, eq(repositories.id, runs.repositoryId))
    .innerJoin(sessions, eq(sessions.id, runs.sessionId))
    .innerJoin(agentSessions, eq(agentSessions.id, runs.agentSessionId))
    .innerJoin(workflowVersions, eq(workflowVersions.id, runs.workflowVersionId))
    .innerJoin(workflows, eq(workflows.id, workflowVersions.workflowId))
    .where(and(eq(runs.id, sql.placeholder("run")), eq(runs.fence, sql.placeholder("fence"))))
    .prepare("load_work");
}
export type Work = Awaited<ReturnType<typeof loadWork>>;
