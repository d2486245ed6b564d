import { DomainError } from "@/server/domain/errors";
import { unknownUsage } from "@/server/domain/usage";
import { AttemptFailed } from "./attempt-failed";
import { awaitDatabase } from "./await-database";
import { beginRun } from "./begin-run";
import { CancelAsked } from "./cancel-asked";
import type { AttemptOutcome } from "./close-attempt";
import { assertHeld, type Hold, HoldEnded, type WorkerContext } from "./context";
import { endUnbegunAttempt } from "./end-unbegun-attempt";
import { finishAttempt } from "./finish-attempt";
import { followAgent } from "./follow-agent";
import { loadWork, type Work } from "./load-work";
import { planLaunch } from "./plan-launch";
import { planWorkspace, prepareWorkspace } from "./prepare-workspace";
import { startAgent } from "./start-agent";

/**
 * Carries one attempt of a run through its phases. Each phase begins from what the database says, so
 * a worker that comes back enters at the phase where the last one died.
 * @throws HoldEnded when the worker stops or lost its claim: the agent's fate is then another's.
 */
export async function driveRun(context: WorkerContext, hold: Hold): Promise<void> {
  let work = await awaitDatabase(context, hold, () => loadWork(context, hold));
  if (work.run.status === "preparing") {
    try {
      await prepareAndBegin(context, hold, work);
    } catch (error) {
      await endUnbegunAttempt(context, hold, outcomeOf(context, hold, error));
      return;
    }
    work = await awaitDatabase(context, hold, () => loadWork(context, hold));
  }
  if (work.run.status === "running" || work.run.status === "waiting") {
    await finishAttempt(context, hold, await followToItsEnd(context, hold));
    return;
  }
  assertHeld(hold);
  await finishAttempt(context, hold, null);
}

/** From the claim to the go: first all is decided, then committed, then made. */
async function prepareAndBegin(context: WorkerContext, hold: Hold, work: Work): Promise<void> {
  const workspace = await planWorkspace(context, hold, work);
  const launch = await planLaunch(context, hold, work, workspace.base);
  const notices = await prepareWorkspace(context, hold, work, workspace, launch);
  await startAgent(context, hold, launch);
  await beginRun(context, hold, work, { workspace, notices, launch });
}

async function followToItsEnd(context: WorkerContext, hold: Hold): Promise<AttemptOutcome> {
  try {
    return await followAgent(context, hold);
  } catch (error) {
    return outcomeOf(context, hold, error);
  }
}

/** What an error means for the attempt; the end of the hold is none and is thrown on. */
function outcomeOf(context: WorkerContext, hold: Hold, error: unknown): AttemptOutcome {
  if (error instanceof HoldEnded) throw error;
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
