import type { runs } from "@/db/schema";
import { agentHomePath } from "@/server/agents/agent-home";
import { endAgent } from "@/server/agents/end-agent";
import { readControl } from "@/server/agents/read-control";
import { keepSignIn } from "@/server/agents/sign-in";
import { crashAt } from "@/server/domain/crash-points";
import { describeError } from "@/server/domain/errors";
import { allDone } from "./all-done";
import { AttemptFailed } from "./attempt-failed";
import { awaitDatabase } from "./await-database";
import { type AttemptOutcome, closeAttempt } from "./close-attempt";
import { type CollectedWork, collectWork } from "./collect-work";
import { findRound, planChecks, readRecorded } from "./commands/plan-checks";
import { recordRound, runChecks } from "./commands/run-checks";
import type { Hold, WorkerContext } from "./context";
import { deliverByPolicy } from "./delivery/deliver-by-policy";
import { refreshLedger } from "./delivery/refresh-ledger";
import { endRun } from "./end-run";
import { findEnd } from "./find-end";
import { isProvedDead } from "./is-proved-dead";
import type { Work } from "./load-work";
import { openRunRedactor } from "./open-run-redactor";
import { describeWork, recordWork } from "./record-work";

/**
 * Finishes an attempt whose agent has ended: nothing of it lives, its work is in the mirror and in the
 * database, its checks are run, and the run ends or waits for its next attempt. Each step may be
 * repeated. `outcome` is null when the database knows it already.
 */
export async function finishAttempt(
  context: WorkerContext,
  hold: Hold,
  before: Work,
  outcome: AttemptOutcome | null,
): Promise<void> {
  // A round means that all of this was done before; a check may be under way in the workspace.
  const begun = outcome ? null : await findRound(context, hold);
  const { work, collected, survivors } = begun
    ? { work: before, collected: { work: null, problem: null }, survivors: [] }
    : await collectAndClose(context, hold, before, outcome);
  const round = begun ?? (await planChecks(context, hold, work, collected.work));
  const checks = round ? await runChecks(context, hold, work, round) : null;
  const recorded = round ? await readRecorded(context, hold, round) : null;
  const delivered = await deliverByPolicy(context, hold, work, {
    collected: recorded ?? collected.work,
    checksPassed: checks ? checks.decision === "passed" : null,
  });
  await awaitDatabase(
    context,
    hold,
    () =>
      context.db.transaction(async (tx) => {
        const redactor = await openRunRedactor(context, work.run, tx);
        const fresh = round ? null : collected.work;
        if (fresh) await recordWork(redactor, tx, hold, work, fresh);
        if (checks) await recordRound(tx, hold, checks, new Date());
        await endRun(context, tx, hold, work, {
          collected: recorded ?? fresh,
          facts: redactor.redactData([...(fresh ? describeWork(fresh) : []), ...delivered.facts]),
          problem: redactor.redactData(collected.problem),
          deliveryProblem: redactor.redactData(delivered.problem),
          survivors,
          checks,
        });
      }),
    () => findEnd(context, hold),
  );
  await crashAt("after:finish");
  if (delivered.isDelivered) await refreshLedger(context, work.repository.id);
}

/** The agent's processes are gone for sure, and all that it left is in the mirror. */
async function collectAndClose(
  context: WorkerContext,
  hold: Hold,
  before: Work,
  outcome: AttemptOutcome | null,
) {
  const survivors = await endLeftovers(hold);
  bringSignInBack(context, before);
  // Git reads the workspace while the database hears how the agent ended: neither waits for the other.
  const [collected, work] = await allDone([
    collectOrExplain(context, hold, before, outcome),
    outcome ? closeAttempt(context, hold, before, outcome) : Promise.resolve(before),
  ]);
  await crashAt("mid:finish");
  return { work, collected, survivors };
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

/** Sums over the whole run, for its row. */
export function sumCommits(found: { additions: number; deletions: number }[]) {
  return {
    commits: found.length,
    additions: found.reduce((sum, { additions }) => sum + additions, 0),
    deletions: found.reduce((sum, { deletions }) => sum + deletions, 0),
  } satisfies Partial<typeof runs.$inferInsert>;
}
