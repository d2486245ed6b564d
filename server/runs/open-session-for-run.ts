import { randomUUID } from "node:crypto";
import { and, desc, eq, inArray } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { agentSessions, runs, sessions, workers, workspaces } from "@/db/schema";
import { type Actor, nameActor } from "@/server/domain/actor";
import { BadInput, Conflict, NotFound } from "@/server/domain/errors";
import {
  type AgentSessionId,
  agentSessionIdSchema,
  nativeSessionIdSchema,
  type SessionId,
  sessionIdSchema,
  type WorkspaceId,
  workspaceIdSchema,
} from "@/server/domain/ids";
import { heldStatuses } from "@/server/domain/run-status";
import type { AgentKind, WorkspaceKind } from "@/server/domain/workflow";
import { findHostOfCommit } from "./find-host-of-commit";
import type { RunRecipe } from "./resolve-recipe";
import type { StartRunInput } from "./start-run-input";

/** The conversation and the workspace that a new run belongs to. */
export interface RunSession {
  sessionId: SessionId;
  agentSessionId: AgentSessionId;
  workspaceId: WorkspaceId;
  workspaceKind: WorkspaceKind;
  branch: string;
  /** The worker that has the workspace, or must have it; null when any may take it. */
  workerName: string | null;
  /** Another run holds the workspace, or waits for it already. */
  isWorkspaceBusy: boolean;
}

interface OpenSession {
  recipe: RunRecipe;
  input: StartRunInput;
  number: number;
  actor: Actor;
  now: Date;
}

/**
 * Finds the session that the run continues, or makes one with its workspace row.
 * @throws NotFound for an unknown session; Conflict when it belongs to another repository.
 */
export async function openSessionForRun(tx: Transaction, open: OpenSession): Promise<RunSession> {
  return open.input.sessionId ? continueKnown(tx, open) : beginNew(tx, open);
}

async function continueKnown(tx: Transaction, open: OpenSession): Promise<RunSession> {
  const { input, recipe } = open;
  const parsed = sessionIdSchema.safeParse(input.sessionId);
  const session = parsed.success ? await findSession(tx, parsed.data) : undefined;
  if (!session) {
    throw new NotFound("session", input.sessionId ?? "", {
      fields: { sessionId: "There is no session of this id." },
      hint: "Take the session id from a run's page or from “coppice show”.",
    });
  }
  if (session.repositoryId !== recipe.repository.id) {
    throw new Conflict("This session belongs to another repository.", {
      fields: { sessionId: "It belongs to another repository." },
    });
  }
  if (input.branch && input.branch !== session.branch) {
    throw new BadInput(`The session works on the branch “${session.branch}”.`, {
      fields: { branch: "A session keeps its branch." },
      hint: "Leave the branch out, or start a new session.",
    });
  }
  return {
    sessionId: session.id,
    agentSessionId: await findOrMakeAgentSession(tx, session.id, recipe.definition.agent),
    workspaceId: session.workspaceId,
    workspaceKind: session.kind,
    branch: session.branch,
    workerName: session.workerName,
    isWorkspaceBusy: await isWorkspaceBusy(tx, session.workspaceId),
  };
}

async function findSession(tx: Transaction, id: SessionId) {
  const [session] = await tx
    .select({
      id: sessions.id,
      repositoryId: sessions.repositoryId,
      branch: sessions.branch,
      workspaceId: workspaces.id,
      kind: workspaces.kind,
      workerName: workers.name,
    })
    .from(sessions)
    .innerJoin(workspaces, eq(workspaces.id, sessions.workspaceId))
    .leftJoin(workers, eq(workers.id, workspaces.workerId))
    .where(eq(sessions.id, id));
  return session;
}

async function beginNew(tx: Transaction, open: OpenSession): Promise<RunSession> {
  const { recipe, input, number, now } = open;
  const sessionId = sessionIdSchema.parse(randomUUID());
  const workspaceKind = input.workspace ?? recipe.definition.workspace;
  const branch = input.branch ?? `coppice/${recipe.workflowName}/${number}`;
  const workspace =
    workspaceKind === "persistent"
      ? await findOrMakePersistent(tx, recipe)
      : await makeTemporary(tx, recipe, sessionId);
  await tx.insert(sessions).values({
    id: sessionId,
    repositoryId: recipe.repository.id,
    workspaceId: workspace.id,
    branch,
    title: input.message.trim().split("\n")[0]?.slice(0, 120) ?? "",
    createdBy: nameActor(open.actor),
    createdAt: now,
  });
  const agentSessionId = await makeAgentSession(tx, sessionId, recipe.definition.agent);
  return {
    sessionId,
    agentSessionId,
    workspaceId: workspace.id,
    workspaceKind,
    branch,
    workerName:
      workspace.workerName ??
      (await findHostOfCommit(tx, recipe.repository.id, input.baseRef)) ??
      recipe.repository.workerName,
    isWorkspaceBusy: workspaceKind === "persistent" && (await isWorkspaceBusy(tx, workspace.id)),
  };
}

async function makeTemporary(tx: Transaction, recipe: RunRecipe, sessionId: SessionId) {
  const id = workspaceIdSchema.parse(randomUUID());
  await tx
    .insert(workspaces)
    .values({ id, repositoryId: recipe.repository.id, kind: "temporary", sessionId });
  return { id, workerName: null };
}

/** One per repository and workflow name; two triggers at once meet in the unique index. */
async function findOrMakePersistent(tx: Transaction, recipe: RunRecipe) {
  const key = and(
    eq(workspaces.repositoryId, recipe.repository.id),
    eq(workspaces.kind, "persistent"),
    eq(workspaces.name, recipe.workflowName),
  );
  await tx
    .insert(workspaces)
    .values({
      id: workspaceIdSchema.parse(randomUUID()),
      repositoryId: recipe.repository.id,
      kind: "persistent",
      name: recipe.workflowName,
    })
    .onConflictDoNothing();
  const [workspace] = await tx
    .select({ id: workspaces.id, workerName: workers.name })
    .from(workspaces)
    .leftJoin(workers, eq(workers.id, workspaces.workerId))
    .where(key);
  if (!workspace) throw new NotFound("workspace", recipe.workflowName);
  return workspace;
}

async function isWorkspaceBusy(tx: Transaction, id: WorkspaceId): Promise<boolean> {
  const [other] = await tx
    .select({ id: runs.id })
    .from(runs)
    .where(and(eq(runs.workspaceId, id), inArray(runs.status, ["queued", ...heldStatuses])))
    .limit(1);
  return other !== undefined;
}

async function findOrMakeAgentSession(
  tx: Transaction,
  sessionId: SessionId,
  agent: AgentKind,
): Promise<AgentSessionId> {
  const [known] = await tx
    .select({ id: agentSessions.id })
    .from(agentSessions)
    .where(and(eq(agentSessions.sessionId, sessionId), eq(agentSessions.agent, agent)))
    .orderBy(desc(agentSessions.createdAt))
    .limit(1);
  return known?.id ?? makeAgentSession(tx, sessionId, agent);
}

/** Claude Code and shell take an id of ours; others name their conversation in the start reply. */
async function makeAgentSession(
  tx: Transaction,
  sessionId: SessionId,
  agent: AgentKind,
): Promise<AgentSessionId> {
  const id = agentSessionIdSchema.parse(randomUUID());
  const takesOurId = agent === "claude-code" || agent === "shell";
  await tx.insert(agentSessions).values({
    id,
    sessionId,
    agent,
    nativeId: takesOurId ? nativeSessionIdSchema.parse(id) : null,
  });
  return id;
}
