import { and, eq } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { attempts, runs, workspaces } from "@/db/schema";
import { proveDead } from "@/server/agents/prove-dead";
import { AttemptSuperseded } from "@/server/domain/errors";
import type { Sha } from "@/server/domain/ids";
import { appendEvent } from "@/server/runs/append-event";
import { ensureMirror } from "@/server/workspaces/ensure-mirror";
import { openWorkspace } from "@/server/workspaces/open-workspace";
import { resolveBase } from "@/server/workspaces/resolve-base";
import { AttemptFailed, failingAs } from "./attempt-failed";
import { awaitDatabase } from "./await-database";
import { assertWanted } from "./cancel-asked";
import { type Hold, type WorkerContext, workerActor } from "./context";
import { findSessionHead, type Work } from "./load-work";
import type { LaunchPlan } from "./plan-launch";

/** What a run's workspace is made from, and how. */
export interface WorkspacePlan {
  base: Sha;
  mode: "new" | "continue" | "clean";
}

/**
 * Brings the mirror up to date and decides what the workspace is made from.
 * @throws AttemptFailed (`repository_failed`, `workspace_failed`), HoldEnded.
 */
export async function planWorkspace(
  context: WorkerContext,
  hold: Hold,
  work: Work,
): Promise<WorkspacePlan> {
  await proveEarlierAttemptsDead(context, hold);
  const sessionHead = await awaitDatabase(context, hold, () => findSessionHead(context, work));
  const base = work.run.baseCommit ?? (await findBase(context, hold, work, sessionHead));
  return { base, mode: chooseMode(work, sessionHead) };
}

/**
 * Makes the run's workspace. What is about to be made is in the database before it is made.
 * @throws AttemptFailed (`workspace_failed`), CancelAsked, HoldEnded.
 */
export async function prepareWorkspace(
  context: WorkerContext,
  hold: Hold,
  work: Work,
  { base, mode }: WorkspacePlan,
  launch: LaunchPlan,
): Promise<string[]> {
  await assertWanted(context, hold);
  await awaitDatabase(context, hold, () => recordIntent(context, hold, work, base, launch));
  const opened = await failingAs("workspace_failed", () =>
    openWorkspace({
      home: context.home,
      repositoryId: work.repository.id,
      workspaceId: work.workspace.id,
      origin: work.repository.origin,
      runId: work.run.id,
      attemptNumber: hold.attemptNumber,
      branch: work.session.branch,
      baseCommit: base,
      headCommit: work.workspace.headCommit ?? undefined,
      mode,
      confine: context.confine,
      signal: hold.signal,
    }),
  );
  if (mode === "new") {
    const { id: repositoryId, origin } = work.repository;
    context.poolWishes.set(repositoryId, { repositoryId, origin, head: base });
  }
  return opened.notices;
}

/** Attempt n+1 begins only when attempt n's processes are proved dead. */
async function proveEarlierAttemptsDead(context: WorkerContext, hold: Hold): Promise<void> {
  if (hold.attemptNumber === 1) return;
  const earlier = await awaitDatabase(context, hold, () =>
    context.db
      .select({ id: attempts.id, number: attempts.number, controlPath: attempts.controlPath })
      .from(attempts)
      .where(eq(attempts.runId, hold.runId)),
  );
  for (const attempt of earlier) {
    if (attempt.number >= hold.attemptNumber) continue;
    const mark = { runId: hold.runId, attemptId: attempt.id };
    const { isDead, survivors } = await proveDead({ controlPath: attempt.controlPath, mark });
    if (isDead) continue;
    throw new AttemptFailed(
      "workspace_failed",
      `Processes of attempt ${attempt.number} cannot be ended: ${survivors.join(", ")}. End them on the worker's host, then rerun.`,
    );
  }
}

/** The commit that the run's own commits are counted from. */
async function findBase(
  context: WorkerContext,
  hold: Hold,
  work: Work,
  sessionHead: Sha | null,
): Promise<Sha> {
  const { home } = context;
  const repositoryId = work.repository.id;
  return failingAs("repository_failed", async () => {
    await ensureMirror({
      home,
      repositoryId,
      origin: work.repository.origin,
      signal: hold.signal,
    });
    if (sessionHead) return sessionHead;
    const base = await resolveBase({
      home,
      repositoryId,
      baseRef: work.run.baseRef,
      defaultBranch: work.repository.defaultBranch,
      branch: work.session.branch,
    });
    return base.sha;
  });
}

/** What lies in the workspace decides how it is opened. */
function chooseMode(work: Work, sessionHead: Sha | null): "new" | "continue" | "clean" {
  const { workspace, run } = work;
  if (workspace.state === "planned" || workspace.state === "creating") {
    return sessionHead || run.attemptNumber > 1 ? "continue" : "new";
  }
  if (workspace.heldSessionId === run.sessionId) return "continue";
  return workspace.kind === "persistent" ? "clean" : "continue";
}

async function recordIntent(
  context: WorkerContext,
  hold: Hold,
  work: Work,
  base: Sha,
  { command, driverContext }: LaunchPlan,
): Promise<void> {
  await context.db.transaction(async (tx) => {
    await updateHeldRun(tx, hold, {
      baseCommit: base,
      branch: work.session.branch,
      workspacePath: work.workspace.path,
    });
    await tx
      .update(attempts)
      .set({
        baseCommit: base,
        isolation: command.isolation,
        isSandboxed: command.isSandboxed,
        isResume: driverContext.isResume,
      })
      .where(eq(attempts.id, hold.attemptId));
    if (work.workspace.state === "ready") return;
    await tx
      .update(workspaces)
      .set({ state: "creating" })
      .where(eq(workspaces.id, work.workspace.id));
  });
}

/** Records that the workspace is there, inside the transaction of what follows from it. */
export async function recordReady(
  context: WorkerContext,
  tx: Transaction,
  work: Work,
  { base }: WorkspacePlan,
  notices: string[],
): Promise<void> {
  const now = new Date();
  const { branch } = work.session;
  await tx
    .update(workspaces)
    .set({
      state: "ready",
      branch,
      baseCommit: base,
      heldSessionId: work.run.sessionId,
      bytes: null,
      usedAt: now,
      removedAt: null,
    })
    .where(eq(workspaces.id, work.workspace.id));
  await appendEvent(tx, {
    runId: work.run.id,
    kind: "workspace_ready",
    actor: workerActor(context),
    data: { path: work.workspace.path, branch, baseCommit: base, notices },
    now,
  });
}

/** @throws AttemptSuperseded when the fence is old. */
async function updateHeldRun(
  tx: Transaction,
  hold: Hold,
  set: Partial<typeof runs.$inferInsert>,
): Promise<void> {
  const rows = await tx
    .update(runs)
    .set({ ...set, fence: hold.fence })
    .where(and(eq(runs.id, hold.runId), eq(runs.fence, hold.fence)))
    .returning({ id: runs.id });
  if (rows.length === 0) throw new AttemptSuperseded(hold.runId, hold.fence);
}
