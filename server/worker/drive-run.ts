import { DomainError } from "@/server/domain/errors";
import { unknownUsage } from "@/server/domain/usage";
import { allDone } from "./all-done";
import { askForName } from "./ask-for-name";
import { AttemptFailed } from "./attempt-failed";
import { awaitDatabase } from "./await-database";
import { beginRun } from "./begin-run";
import { CancelAsked } from "./cancel-asked";
import type { AttemptOutcome } from "./close-attempt";
import { siteOf } from "./commands/command-site";
import { planSetUp, setUpWorkspace } from "./commands/set-up-workspace";
import { assertHeld, type Hold, HoldEnded, type WorkerContext } from "./context";
import { endUnbegunAttempt } from "./end-unbegun-attempt";
import { finishAttempt } from "./finish-attempt";
import { completeHandover, followAgent } from "./follow-agent";
import { type HeededHold, heedCancel } from "./heed-cancel";
import { lacksFiles } from "./lacks-files";
import { loadWork, type Work } from "./load-work";
import { planLaunch } from "./plan-launch";
import { planWorkspace, prepareWorkspace, recordIntent } from "./prepare-workspace";
import { startAgent } from "./start-agent";

/**
 * Carries one attempt of a run through its phases. Each phase begins from what the database says, so
 * a worker that comes back enters at the phase where the last one died.
 * @throws HoldEnded when the worker stops or lost its claim: the agent's fate is then another's.
 */
export async function driveRun(context: WorkerContext, hold: Hold): Promise<void> {
  let work = await awaitDatabase(context, hold, () => loadWork(context, hold));
  const isFresh = work.run.status === "preparing";
  if (isFresh) {
    const heed = heedCancel(context, hold);
    try {
      await prepareAndBegin(context, hold, heed, work);
    } catch (error) {
      const cause = heed.explain(error);
      await endUnbegunAttempt(context, hold, outcomeOf(context, hold, cause));
      return;
    } finally {
      heed.end();
    }
    work = await awaitDatabase(context, hold, () => loadWork(context, hold));
  }
  if (work.run.status === "running" || work.run.status === "waiting") {
    // What a worker that died may have left undone; we have just done it ourselves otherwise.
    if (!isFresh) await completeHandover(hold, work);
    const outcome = await followToItsEnd(context, hold, work);
    await finishAttempt(context, hold, work, outcome);
    return;
  }
  assertHeld(hold);
  await finishAttempt(context, hold, work, null);
}

/** From the claim to the go: first all is decided, then committed, then made. */
async function prepareAndBegin(
  context: WorkerContext,
  holdToBegin: Hold,
  heed: HeededHold,
  work: Work,
): Promise<void> {
  const { hold } = heed;
  const workspace = await planWorkspace(context, hold, work);
  const launch = await planLaunch(context, hold, work, workspace.base);
  const site = siteOf(hold, work, workspace.base);
  const setUp = await planSetUp(context, hold, work, site);
  const hasSetUp = setUp.bringAlong !== null || setUp.setUp !== null;
  await recordIntent(context, hold, work, workspace);
  const preparing = (async () => {
    const notices = setUp.isBegun ? [] : await prepareWorkspace(context, hold, work, workspace);
    if (hasSetUp) await setUpWorkspace(context, hold, work, site, setUp);
    return notices;
  })();
  // A sandbox shows the workspace's folder, which has to be there first. Else neither waits for the other.
  const starting =
    launch.command.isSandboxed || hasSetUp
      ? preparing.then(() => startAgent(hold, launch))
      : startAgent(hold, launch);
  const [notices] = await allDone([preparing, starting]);
  const named = await askForName(context, hold, launch);
  heed.end();
  await beginRun(context, holdToBegin, work, { workspace, notices, launch, named });
}

async function followToItsEnd(
  context: WorkerContext,
  hold: Hold,
  work: Work,
): Promise<AttemptOutcome> {
  try {
    return await followAgent(context, hold, work);
  } catch (error) {
    return outcomeOf(context, hold, error);
  }
}

/** What an error means for the attempt; the end of the hold is none and is thrown on. */
function outcomeOf(context: WorkerContext, hold: Hold, error: unknown): AttemptOutcome {
  if (error instanceof HoldEnded) throw error;
  // What failed because the hold ended (a git that was cut off) says nothing of the attempt.
  assertHeld(hold);
  if (lacksFiles(error)) throw error;
  if (error instanceof DomainError && error.name === "AttemptSuperseded") {
    throw new HoldEnded("superseded");
  }
  const nothing = { result: null, usage: unknownUsage, exit: null, sessionCostUsd: null };
  if (error instanceof CancelAsked) {
    return { ...nothing, reason: "cancelled_by_operator", error: null };
  }
  if (error instanceof AttemptFailed) {
    return { ...nothing, reason: error.reason, error: error.message };
  }
  context.log(`run ${hold.runId}: ${error instanceof Error ? error.stack : String(error)}`);
  const what = "Coppice itself failed while it carried out this run; the worker's log says how.";
  return { ...nothing, reason: "internal_error", error: what };
}
