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

/**
 * Makes the run's workspace ready: mirror, base commit, checkout. What is about to be made is in the
 * database before it is made. Answers how to record that it is there, which may go on beside the
 * start of the agent's process.
 * @throws AttemptFailed (`repository_failed`, `workspace_failed`), CancelAsked, HoldEnded.
 */
export async function prepareWorkspace(
  context: WorkerContext,
  hold: Hold,
  work: Work,
): Promise<() => Promise<void>> {
  await proveEarlierAttemptsDead(context, hold);
  const repositoryId = work.repository.id;
  const sessionHead = await awaitDatabase(context, hold, () => findSessionHead(context, work));
  const base = work.run.baseCommit ?? (await findBase(context, hold, work, sessionHead));
  await assertWanted(context, hold);
  await awaitDatabase(context, hold, () => recordIntent(context, hold, work, base));
  const opened = await failingAs("workspace_failed", () =>
    openWorkspace({
      home: context.home,
      repositoryId,
      workspaceId: work.workspace.id,
      origin: work.repository.origin,
      runId: work.run.id,
      attemptNumber: hold.attemptNumber,
      branch: work.session.branch,
      baseCommit: base,
      headCommit: work.workspace.headCommit ?? undefined,
      mode: chooseMode(work, sessionHead),
      confine: context.confine,
      signal: hold.signal,
    }),
  );
  return () =>
    awaitDatabase(context, hold, () => recordReady(context, hold, work, base, opened.notices));
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
): Promise<void> {
  await context.db.transaction(async (tx) => {
    await updateHeldRun(tx, hold, {
      baseCommit: base,
      branch: work.session.branch,
      workspacePath: work.workspace.path,
    });
    if (work.workspace.state === "ready") return;
    await tx
      .update(workspaces)
      .set({ state: "creating" })
      .where(eq(workspaces.id, work.workspace.id));
  });
}

async function recordReady(
  context: WorkerContext,
  hold: Hold,
  work: Work,
  base: Sha,
  notices: string[],
): Promise<void> {
  const now = new Date();
  const { branch } = work.session;
  await context.db.transaction(async (tx) => {
    await updateHeldRun(tx, hold, {});
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
    await tx.update(attempts).set({ baseCommit: base }).where(eq(attempts.id, hold.attemptId));
    await appendEvent(tx, {
      runId: hold.runId,
      kind: "workspace_ready",
      actor: workerActor(context),
      data: { path: work.workspace.path, branch, baseCommit: base, notices },
      now,
    });
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
