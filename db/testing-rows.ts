import { randomBytes, randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import {
  agentSessionIdSchema,
  attemptIdSchema,
  nativeSessionIdSchema,
  repositoryIdSchema,
  runIdSchema,
  type SessionId,
  type Sha,
  sessionIdSchema,
  shaSchema,
  type WorkerId,
  workerIdSchema,
  workflowIdSchema,
  workflowVersionIdSchema,
  workspaceIdSchema,
} from "@/server/domain/ids";
import { isHeld, isTerminal, type RunStatus } from "@/server/domain/run-status";
import type { WorkerFacts } from "@/server/domain/worker";
import { type WorkflowDefinition, workflowDefinitionSchema } from "@/server/domain/workflow";
import type { Database } from "./client";
import {
  agentSessions,
  attempts,
  repositories,
  runs,
  sessions,
  workers,
  workflows,
  workflowVersions,
  workspaces,
} from "./schema";

/** Builders of rows for tests: each inserts one thing that meets every constraint. */
const uniqueName = (stem: string) => `${stem}-${randomBytes(4).toString("hex")}`;

export const randomSha = (): Sha => shaSchema.parse(randomBytes(20).toString("hex"));

export async function insertWorker(db: Database, given: Partial<typeof workers.$inferInsert> = {}) {
  const now = new Date();
  const facts: WorkerFacts = { version: "1", isolation: "none", isolationWhy: "test", agents: [] };
  return one(
    await db
      .insert(workers)
      .values({
        id: workerIdSchema.parse(randomUUID()),
        name: uniqueName("worker"),
        host: "test-host",
        home: "/nowhere",
        pid: 1,
        slots: 2,
        facts,
        startedAt: now,
        heartbeatAt: now,
        ...given,
      })
      .returning(),
  );
}

export async function insertRepository(
  db: Database,
  given: Partial<typeof repositories.$inferInsert> = {},
) {
  return one(
    await db
      .insert(repositories)
      .values({
        id: repositoryIdSchema.parse(randomUUID()),
        name: uniqueName("repository"),
        origin: "/srv/git/sample.git",
        defaultBranch: "main",
        createdBy: "system:test",
        ...given,
      })
      .returning(),
  );
}

export async function insertWorkflow(
  db: Database,
  given: { name?: string; definition?: Partial<WorkflowDefinition> } = {},
) {
  const workflow = one(
    await db
      .insert(workflows)
      .values({
        id: workflowIdSchema.parse(randomUUID()),
        name: given.name ?? uniqueName("workflow"),
      })
      .returning(),
  );
  const version = one(
    await db
      .insert(workflowVersions)
      .values({
        id: workflowVersionIdSchema.parse(randomUUID()),
        workflowId: workflow.id,
        version: 1,
        definition: workflowDefinitionSchema.parse({
          agent: "shell",
          command: "true",
          ...given.definition,
        }),
        createdBy: "system:test",
      })
      .returning(),
  );
  return { workflow, version };
}

export interface SessionParts {
  repositoryId?: (typeof repositories.$inferSelect)["id"];
  agentSession?: Partial<typeof agentSessions.$inferInsert>;
  workspace?: Partial<typeof workspaces.$inferInsert>;
  session?: Partial<typeof sessions.$inferInsert>;
}

/** A session with its temporary workspace and its agent session. */
export async function insertSession(db: Database, given: SessionParts = {}) {
  const repositoryId = given.repositoryId ?? (await insertRepository(db)).id;
  const sessionId = sessionIdSchema.parse(randomUUID());
  const workspaceId = workspaceIdSchema.parse(randomUUID());
  const branch = `coppice/test/${sessionId.slice(0, 8)}`;
  return db.transaction(async (tx) => {
    const workspace = one(
      await tx
        .insert(workspaces)
        .values({ id: workspaceId, repositoryId, kind: "temporary", sessionId, ...given.workspace })
        .returning(),
    );
    const session = one(
      await tx
        .insert(sessions)
        .values({
          id: sessionId,
          repositoryId,
          workspaceId: workspace.id,
          branch,
          title: "A test session",
          createdBy: "system:test",
          ...given.session,
        })
        .returning(),
    );
    const agentSession = one(
      await tx
        .insert(agentSessions)
        .values({ ...agentSessionValues(session.id), ...given.agentSession })
        .returning(),
    );
    return { session, workspace, agentSession };
  });
}

function agentSessionValues(sessionId: SessionId) {
  return {
    id: agentSessionIdSchema.parse(randomUUID()),
    sessionId,
    agent: "shell" as const,
    nativeId: nativeSessionIdSchema.parse(randomUUID()),
  };
}

export interface RunParts extends Partial<typeof runs.$inferInsert> {
  /** The session to run in; a new one otherwise. */
  in?: Awaited<ReturnType<typeof insertSession>>;
  /** Parts of the session that is made when none is given. */
  session?: SessionParts;
  workflow?: Awaited<ReturnType<typeof insertWorkflow>>;
}

/**
 * A run of any status, with all that the constraints ask of that status: its attempt included, and
 * its workspace placed once it has begun.
 */
export async function insertRun(db: Database, given: RunParts = {}) {
  const { in: inSession, session: sessionParts, workflow: givenWorkflow, ...columns } = given;
  const workflow = givenWorkflow ?? (await insertWorkflow(db));
  const { session, agentSession, ...made } =
    inSession ?? (await insertSession(db, withBranch(sessionParts, given.branch)));
  const status = given.status ?? "queued";
  const hasStarted = status !== "queued";
  const workerId = given.workerId ?? (hasStarted ? (await insertWorker(db)).id : null);
  const workspace = workerId
    ? await placeWorkspace(db, made.workspace, workerId, given.workspacePath)
    : made.workspace;
  const run = one(
    await db
      .insert(runs)
      .values({
        id: runIdSchema.parse(randomUUID()),
        repositoryId: session.repositoryId,
        workflowVersionId: workflow.version.id,
        sessionId: session.id,
        agent: agentSession.agent,
        agentSessionId: agentSession.id,
        workspaceKind: workspace.kind,
        workspaceId: workspace.id,
        branch: session.branch,
        message: "Do something useful",
        createdBy: "member:Ada",
        ...(hasStarted ? startedColumns(status) : {}),
        workspacePath: hasStarted ? workspace.path : null,
        agentNativeId: hasStarted ? agentSession.nativeId : null,
        workerId,
        ...columns,
      })
      .returning(),
  );
  const attempt =
    hasStarted && workerId ? await insertAttempt(db, { runId: run.id, workerId }) : null;
  return { run, session, workspace, agentSession, workflow, attempt };
}

function withBranch(parts: SessionParts = {}, branch: string | null | undefined): SessionParts {
  return branch ? { ...parts, session: { branch, ...parts.session } } : parts;
}

async function placeWorkspace(
  db: Database,
  workspace: typeof workspaces.$inferSelect,
  workerId: WorkerId,
  path: string | null | undefined,
) {
  if (workspace.state !== "planned") return workspace;
  return one(
    await db
      .update(workspaces)
      .set({ state: "ready", workerId, path: path ?? `/srv/coppice/workspaces/${workspace.id}` })
      .where(eq(workspaces.id, workspace.id))
      .returning(),
  );
}

const endReasonOf = {
  succeeded: "completed",
  failed: "agent_error",
  cancelled: "cancelled_by_operator",
} as const;

function startedColumns(status: RunStatus): Partial<typeof runs.$inferInsert> {
  const now = new Date();
  return {
    startedAt: now,
    baseCommit: randomSha(),
    pid: isHeld(status) ? 4242 : null,
    fence: 1,
    attemptNumber: 1,
    ...(isTerminal(status) ? { endedAt: now, endReason: endReasonOf[status] } : {}),
  };
}

export async function insertAttempt(
  db: Database,
  given: Partial<typeof attempts.$inferInsert> &
    Pick<typeof attempts.$inferInsert, "runId" | "workerId">,
) {
  return one(
    await db
      .insert(attempts)
      .values({
        id: attemptIdSchema.parse(randomUUID()),
        number: 1,
        controlPath: "/nowhere",
        startedAt: new Date(),
        ...given,
      })
      .returning(),
  );
}

function one<Row>(rows: Row[]): Row {
  const [row] = rows;
  if (!row) throw new Error("an insert gave no row back");
  return row;
}
