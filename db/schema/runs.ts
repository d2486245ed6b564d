import { type SQL, sql } from "drizzle-orm";
import {
  bigint,
  check,
  doublePrecision,
  foreignKey,
  index,
  integer,
  pgTable,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import type { EndReason } from "@/server/domain/end-reasons";
import type {
  AgentSessionId,
  NativeSessionId,
  RepositoryId,
  RunId,
  SessionId,
  Sha,
  WorkerId,
  WorkflowVersionId,
  WorkspaceId,
} from "@/server/domain/ids";
import type { WaitReason } from "@/server/domain/run";
import {
  heldStatuses,
  type RunStatus,
  runStatuses,
  terminalStatuses,
} from "@/server/domain/run-status";
import type { Verdict } from "@/server/domain/verdicts";
import type { AgentKind, WorkspaceKind } from "@/server/domain/workflow";
import { agentSessions } from "./agent-sessions";
import { moment } from "./columns";
import { repositories } from "./repositories";
import { sessions } from "./sessions";
import { workers } from "./workers";
import { workflowVersions } from "./workflow-versions";
import { workspaces } from "./workspaces";

const oneOf = (values: readonly string[]): SQL =>
  sql.raw(`(${values.map((value) => `'${value}'`).join(", ")})`);

/** One request to carry out a workflow on a repository: the truth about it. */
export const runs = pgTable(
  "runs",
  {
    id: uuid("id").$type<RunId>().primaryKey(),
    number: bigint("number", { mode: "number" }).notNull().generatedByDefaultAsIdentity().unique(),
    repositoryId: uuid("repository_id").$type<RepositoryId>().notNull(),
    workflowVersionId: uuid("workflow_version_id")
      .$type<WorkflowVersionId>()
      .notNull()
      .references(() => workflowVersions.id),
    sessionId: uuid("session_id").$type<SessionId>().notNull(),
    agent: text("agent").$type<AgentKind>().notNull(),
    agentSessionId: uuid("agent_session_id").$type<AgentSessionId>().notNull(),
    agentNativeId: text("agent_native_id").$type<NativeSessionId>(),
    message: text("message").notNull(),
    /** What the next attempt says to the agent in place of `message`; null: what is usual after a fault. */
    goOnMessage: text("go_on_message"),
    rerunOf: uuid("rerun_of").$type<RunId>(),
    idempotencyKey: text("idempotency_key"),
    priority: integer("priority").notNull().default(0),
    createdBy: text("created_by").notNull(),
    createdAt: moment("created_at").notNull().defaultNow(),

    status: text("status").$type<RunStatus>().notNull().default("queued"),
    statusSince: moment("status_since").notNull().defaultNow(),
    availableAt: moment("available_at").notNull().defaultNow(),
    waitReason: text("wait_reason").$type<WaitReason>(),
    endReason: text("end_reason").$type<EndReason>(),
    verdict: text("verdict").$type<Verdict>(),
    startedAt: moment("started_at"),
    endedAt: moment("ended_at"),

    /** Raised at each claim; every write of a worker must match it. */
    fence: integer("fence").notNull().default(0),
    attemptNumber: integer("attempt_number").notNull().default(0),
    attemptsSpent: integer("attempts_spent").notNull().default(0),
    workerId: uuid("worker_id")
      .$type<WorkerId>()
      .references(() => workers.id),
    pid: integer("pid"),
    jobId: uuid("job_id"),
    jobQueue: text("job_queue"),

    workspaceKind: text("workspace_kind").$type<WorkspaceKind>().notNull(),
    workspaceId: uuid("workspace_id").$type<WorkspaceId>().notNull(),
    /** Where this run worked, as a fact of its own: the row of the workspace may move later. */
    workspacePath: text("workspace_path"),
    baseRef: text("base_ref"),
    branch: text("branch"),
    baseCommit: text("base_commit").$type<Sha>(),
    headCommit: text("head_commit").$type<Sha>(),

    maxTurns: integer("max_turns"),
    timeoutSeconds: integer("timeout_seconds"),
    maxCostUsd: doublePrecision("max_cost_usd"),
    maxTokens: bigint("max_tokens", { mode: "number" }),
    stallSeconds: integer("stall_seconds"),
    maxOutputBytes: bigint("max_output_bytes", { mode: "number" }),
    cancelAskedAt: moment("cancel_asked_at"),
    cancelAskedBy: text("cancel_asked_by"),
    /** How often it was asked: each further time ends the patience with the step under way. */
    cancelAsks: integer("cancel_asks").notNull().default(0),
    /** Asked of the agent's turn, and not handed over yet. */
    interruptAskedAt: moment("interrupt_asked_at"),
    interruptAskedBy: text("interrupt_asked_by"),

    result: text("result"),
    error: text("error"),
    commits: integer("commits"),
    filesChanged: integer("files_changed"),
    additions: integer("additions"),
    deletions: integer("deletions"),
    inputTokens: bigint("input_tokens", { mode: "number" }),
    outputTokens: bigint("output_tokens", { mode: "number" }),
    cachedTokens: bigint("cached_tokens", { mode: "number" }),
    costUsd: doublePrecision("cost_usd"),
    turns: integer("turns"),
  },
  (t) => [
    foreignKey({
      name: "runs_session",
      columns: [t.sessionId, t.repositoryId],
      foreignColumns: [sessions.id, sessions.repositoryId],
    }),
    foreignKey({
      name: "runs_repository",
      columns: [t.repositoryId],
      foreignColumns: [repositories.id],
    }),
    foreignKey({
      name: "runs_workspace",
      columns: [t.workspaceId, t.repositoryId],
      foreignColumns: [workspaces.id, workspaces.repositoryId],
    }),
    foreignKey({
      name: "runs_agent_session",
      columns: [t.agentSessionId, t.sessionId],
      foreignColumns: [agentSessions.id, agentSessions.sessionId],
    }),
    foreignKey({
      name: "runs_agent_native",
      columns: [t.agentSessionId, t.agentNativeId],
      foreignColumns: [agentSessions.id, agentSessions.nativeId],
    }),
    foreignKey({ name: "runs_rerun_of", columns: [t.rerunOf], foreignColumns: [t.id] }),
    uniqueIndex("runs_idempotency_key").on(t.idempotencyKey),
    uniqueIndex("runs_one_held_per_workspace")
      .on(t.workspaceId)
      .where(sql`${t.status} in ${oneOf(heldStatuses)}`),
    uniqueIndex("runs_one_held_per_session")
      .on(t.sessionId)
      .where(sql`${t.status} in ${oneOf(heldStatuses)}`),
    index("runs_created").on(t.createdAt, t.id),
    index("runs_status_created").on(t.status, t.createdAt, t.id),
    index("runs_repository_created").on(t.repositoryId, t.createdAt, t.id),
    index("runs_version_created").on(t.workflowVersionId, t.createdAt, t.id),
    index("runs_session_created").on(t.sessionId, t.createdAt, t.id),
    index("runs_workspace_created").on(t.workspaceId, t.createdAt, t.id),
    index("runs_head_commit").on(t.headCommit),
    index("runs_base_commit").on(t.baseCommit),
    index("runs_rerun_of").on(t.rerunOf).where(sql`${t.rerunOf} is not null`),
    check("runs_status_known", sql`${t.status} in ${oneOf(runStatuses)}`),
    check(
      "runs_running_has_workspace",
      sql`${t.status} not in ('running', 'waiting') or (${t.workspacePath} is not null
        and ${t.branch} is not null and ${t.baseCommit} is not null and ${t.workerId} is not null
        and ${t.pid} is not null and ${t.agentNativeId} is not null and ${t.startedAt} is not null)`,
    ),
    check(
      "runs_held_has_worker",
      sql`${t.status} not in ${oneOf(heldStatuses)} or (${t.workerId} is not null
        and ${t.attemptNumber} > 0 and ${t.fence} > 0)`,
    ),
    check(
      "runs_ended_has_reason",
      sql`(${t.status} in ${oneOf(terminalStatuses)}) = (${t.endedAt} is not null)
        and (${t.status} in ${oneOf(terminalStatuses)}) = (${t.endReason} is not null)`,
    ),
    check("runs_verdict_means_success", sql`${t.verdict} is null or ${t.status} = 'succeeded'`),
  ],
);
