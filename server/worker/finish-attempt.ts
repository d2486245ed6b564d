import { deflateSync } from "node:zlib";
import { eq } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { commits, type runs, snapshots, workspaces } from "@/db/schema";
import { agentHomePath } from "@/server/agents/agent-home";
import { endAgent } from "@/server/agents/end-agent";
import { readControl } from "@/server/agents/read-control";
import type { Redactor } from "@/server/agents/redact";
import { keepSignIn } from "@/server/agents/sign-in";
import { crashAt } from "@/server/domain/crash-points";
import { describeError } from "@/server/domain/errors";
import { recordLeftovers } from "@/server/ledger/record-leftovers";
import type { EventFact } from "@/server/runs/append-event";
import { allDone } from "./all-done";
import { AttemptFailed } from "./attempt-failed";
import { awaitDatabase } from "./await-database";
import { type AttemptOutcome, closeAttempt } from "./close-attempt";
import { type CollectedWork, collectWork } from "./collect-work";
import type { Hold, WorkerContext } from "./context";
import { deliverByPolicy } from "./delivery/deliver-by-policy";
import { refreshLedger } from "./delivery/refresh-ledger";
import { endRun } from "./end-run";
import { findEnd } from "./find-end";
import { isProvedDead } from "./is-proved-dead";
import type { Work } from "./load-work";
import { openRunRedactor } from "./open-run-redactor";

/**
 * Finishes an attempt whose agent has ended: nothing of it lives, its work is in the mirror and in the
 * database, and the run ends or waits for its next attempt. Each step may be repeated. `outcome` is
 * null when the database knows it already.
 */
export async function finishAttempt(
  context: WorkerContext,
  hold: Hold,
  before: Work,
  outcome: AttemptOutcome | null,
): Promise<void> {
  const survivors = await endLeftovers(hold);
  bringSignInBack(context, before);
  // Git reads the workspace while the database hears how the agent ended: neither waits for the other.
  const [collected, work] = await allDone([
    collectOrExplain(context, hold, before, outcome),
    outcome ? closeAttempt(context, hold, before, outcome) : Promise.resolve(before),
  ]);
  await crashAt("mid:finish");
  const delivered = await deliverByPolicy(context, hold, work, {
    collected: collected.work,
    checksPassed: null,
  });
  await awaitDatabase(
    context,
    hold,
    () =>
      context.db.transaction(async (tx) => {
        const redactor = await openRunRedactor(context, work.run, tx);
        if (collected.work) await recordWork(redactor, tx, hold, work, collected.work);
        await endRun(context, tx, hold, work, {
          collected: collected.work,
          facts: redactor.redactData([
            ...(collected.work ? describeWork(collected.work) : []),
            ...delivered.facts,
          ]),
          problem: redactor.redactData(collected.problem),
          deliveryProblem: redactor.redactData(delivered.problem),
          survivors,
        });
      }),
    () => findEnd(context, hold),
  );
  await crashAt("after:finish");
  if (delivered.isDelivered) await refreshLedger(context, work.repository.id);
}

/** Nothing of the attempt may write while its files are captured. */
async function endLeftovers(hold: Hold): Promise<number[]> {
  if (isProvedDead(readControl(hold.controlPath))) return [];
  const ended = await endAgent({
    controlPath: hold.controlPath,
    mark: { runId: hold.runId, attemptId: hold.attemptId },
    graceSeconds: 0,
  });
  return ended.survivors;
}

/** A sign-in that the agent refreshed made the operator's own worthless. */
function bringSignInBack(context: WorkerContext, work: Work): void {
  keepSignIn({
    kind: work.run.agent,
    homePath: agentHomePath(context.home, work.run.sessionId),
    operatorHome: context.environment.HOME ?? "/",
    environment: context.environment,
  });
}

/** A workspace that cannot be read ends the run as failed, with its folder left as it is. */
async function collectOrExplain(
  context: WorkerContext,
  hold: Hold,
  work: Work,
  outcome: AttemptOutcome | null,
): Promise<{ work: CollectedWork | null; problem: string | null }> {
  const reason = outcome?.reason ?? work.attempt.endReason ?? "internal_error";
  try {
    return { work: await collectWork(context, hold, work, reason), problem: null };
  } catch (error) {
    const what = error instanceof AttemptFailed ? error.message : describeError(error);
    context.log(`run ${hold.runId}: its work could not be collected: ${what}`);
    return { work: null, problem: what };
  }
}

async function recordWork(
  redactor: Redactor,
  tx: Transaction,
  hold: Hold,
  work: Work,
  collected: CollectedWork,
): Promise<void> {
  const { snapshot, headCommit } = collected;
  await insertCommits(tx, redactor, work, collected);
  if (snapshot) {
    await tx
      .insert(snapshots)
      .values({
        runId: hold.runId,
        number: hold.attemptNumber,
        sha: snapshot.sha,
        ref: snapshot.ref,
        leftOut: redactor.redactData(snapshot.leftOut),
        at: new Date(),
      })
      .onConflictDoNothing();
  }
  const { leftovers } = collected;
  await recordLeftovers(tx, { runId: hold.runId, leftovers, now: new Date() });
  await tx.update(workspaces).set({ headCommit }).where(eq(workspaces.id, work.workspace.id));
}

/** What a person is told of the attempt's work. */
function describeWork({ snapshot, commits: found, headCommit, notices }: CollectedWork) {
  const facts: EventFact[] = [];
  if (snapshot) {
    const { sha, ref, leftOut } = snapshot;
    facts.push({ kind: "snapshot_made", data: { sha, ref, leftOut } });
  }
  if (found.length + notices.length > 0) {
    const data = { commits: found.length, headCommit, notices };
    facts.push({ kind: "commits_recorded", data });
  }
  return facts;
}

async function insertCommits(
  tx: Transaction,
  redactor: Redactor,
  work: Work,
  { commits: found, snapshot }: CollectedWork,
): Promise<void> {
  // A later attempt counts from the same base, so the list is laid anew.
  if (work.attempt.number > 1) await tx.delete(commits).where(eq(commits.runId, work.run.id));
  if (found.length === 0) return;
  await tx.insert(commits).values(
    found.map((commit, position) => ({
      runId: work.run.id,
      sha: commit.sha,
      position,
      parents: commit.parents,
      authorName: redactor.redactText(commit.authorName),
      authorEmail: redactor.redactText(commit.authorEmail),
      message: redactor.redactText(commit.message),
      at: commit.at,
      additions: commit.additions,
      deletions: commit.deletions,
      files: commit.files,
      origin: originOf(commit, snapshot?.sha ?? null),
      patch: commit.patch === null ? null : deflateSync(redactor.redactText(commit.patch)),
      isPatchCut: commit.isPatchCut,
    })),
  );
}

function originOf(
  commit: { sha: string; parents: string[]; message: string },
  snapshot: string | null,
) {
  const isOurs = commit.sha === snapshot || commit.message.includes("\nCoppice-Attempt: ");
  if (isOurs) return "snapshot" as const;
  return commit.parents.length > 1 ? ("merge" as const) : ("agent" as const);
}

/** Sums over the whole run, for its row. */
export function sumCommits(found: { additions: number; deletions: number }[]) {
  return {
    commits: found.length,
    additions: found.reduce((sum, { additions }) => sum + additions, 0),
    deletions: found.reduce((sum, { deletions }) => sum + deletions, 0),
  } satisfies Partial<typeof runs.$inferInsert>;
}
