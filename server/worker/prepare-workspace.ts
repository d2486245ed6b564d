import { and, eq } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { attempts, runs, workspaces } from "@/db/schema";
import { proveDead } from "@/server/agents/prove-dead";
import { crashAt } from "@/server/domain/crash-points";
import { AttemptSuperseded } from "@/server/domain/errors";
import type { Sha } from "@/server/domain/ids";
import type { EventFact } from "@/server/runs/append-event";
import { ensureMirror } from "@/server/workspaces/ensure-mirror";
import { openWorkspace } from "@/server/workspaces/open-workspace";
import { resolveBase } from "@/server/workspaces/resolve-base";
import { AttemptFailed, failingAs } from "./attempt-failed";
import { awaitDatabase } from "./await-database";
import { bringWork } from "./bring-work";
import { CancelAsked } from "./cancel-asked";
import { endOpenCommands } from "./commands/end-open-commands";
import { assertHeld, type Hold, type WorkerContext } from "./context";
import type { Work } from "./load-work";
import { recordLeftBehind } from "./record-left-behind";

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
  const base = work.run.baseCommit ?? (await findBase(context, hold, work));
  const mode = chooseMode(work);
  const { heldSessionId, headCommit } = work.workspace;
  // It goes on from work that another host may have made.
  if (mode === "continue" && heldSessionId === null) {
    await bringWork(context, hold, work, [base, headCommit]);
  }
  return { base, mode };
}

/**
 * Makes the run's workspace. What is about to be made was committed before, by `recordIntent`.
 * @returns what a person should know about how it was found.
 * @throws AttemptFailed (`workspace_failed`), HoldEnded.
 */
export async function prepareWorkspace(
  context: WorkerContext,
  hold: Hold,
  work: Work,
  { base, mode }: WorkspacePlan,
): Promise<string[]> {
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
      keptFilesCommit: work.workspace.keptFilesCommit,
      recordLeftBehind: (left) => recordLeftBehind(context, work, left),
      confine: context.confine,
      signal: hold.signal,
    }),
  );
  if (mode === "new") {
    const { id: repositoryId, origin } = work.repository;
    context.poolWishes.set(repositoryId, { repositoryId, origin, head: base });
  }
  await crashAt("after:workspace");
  const { quarantinePath } = work.workspace;
  const away = quarantinePath ? [`What could not be stored of it is in ${quarantinePath}.`] : [];
  return [...opened.notices, ...away];
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
    survivors.push(...(await endOpenCommands(context, hold, attempt.id, "lost")));
    if (isDead && survivors.length === 0) continue;
    throw new AttemptFailed(
      "workspace_failed",
      `Processes of attempt ${attempt.number} cannot be ended: ${survivors.join(", ")}. End them on the worker's host, then rerun.`,
    );
  }
}

/** The commit that the run's own commits are counted from. */
async function findBase(context: WorkerContext, hold: Hold, work: Work): Promise<Sha> {
  const { home } = context;
  const repositoryId = work.repository.id;
  return failingAs("repository_failed", async () => {
    await ensureMirror({
      home,
      repositoryId,
      origin: work.repository.origin,
      signal: hold.signal,
    });
    if (work.sessionHead) return work.sessionHead;
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

/** Whose files lie in the workspace, if any, decides how it is opened. */
function chooseMode({ workspace, run, sessionHead }: Work): WorkspacePlan["mode"] {
  if (workspace.heldSessionId === run.sessionId) return "continue";
  if (workspace.heldSessionId === null && workspace.state !== "ready") {
    return sessionHead || run.attemptNumber > 1 ? "continue" : "new";
  }
  return workspace.kind === "persistent" ? "clean" : "continue";
}

/**
 * Commits what is about to be made, before it is: the claim has named the workspace and the control
 * folder, this names the base and the branch.
 * @throws CancelAsked, AttemptSuperseded, HoldEnded.
 */
export async function recordIntent(
  context: WorkerContext,
  hold: Hold,
  work: Work,
  { base }: WorkspacePlan,
): Promise<void> {
  assertHeld(hold);
  const [run] = await awaitDatabase(context, hold, () =>
    context.db
      .update(runs)
      .set({
        baseCommit: base,
        branch: work.session.branch,
        workspacePath: work.workspace.path,
      })
      .where(and(eq(runs.id, hold.runId), eq(runs.fence, hold.fence)))
      .returning({ cancelAskedAt: runs.cancelAskedAt }),
  );
  if (!run) throw new AttemptSuperseded(hold.runId, hold.fence);
  if (run.cancelAskedAt) throw new CancelAsked();
}

/** Records that the workspace is there, inside the transaction of what follows from it. */
export async function recordReady(
  tx: Transaction,
  work: Work,
  { base }: WorkspacePlan,
  now: Date,
): Promise<void> {
  await tx
    .update(workspaces)
    .set({
      state: "ready",
      branch: work.session.branch,
      baseCommit: base,
      heldSessionId: work.run.sessionId,
      bytes: null,
      usedAt: now,
      removedAt: null,
    })
    .where(eq(workspaces.id, work.workspace.id));
}

/** What is told of the workspace when it is there. */
export function describeReady(work: Work, { base }: WorkspacePlan, notices: string[]): EventFact {
  const data = {
    path: work.workspace.path,
    branch: work.session.branch,
    baseCommit: base,
    notices,
  };
  return { kind: "workspace_ready", data };
}
