import { isDatabaseAway } from "@/db/errors";
import { describeError } from "@/server/domain/errors";
import { assertHeld, type Hold, type WorkerContext } from "./context";

const firstPauseMs = 100;
const maxPauseMs = 2_000;

/**
 * Does a database step, again and again while the database is away: not reaching PostgreSQL is not
 * losing the run. The step must be harmless to repeat, for a commit's outcome may be unknown.
 * @throws HoldEnded when the hold ends meanwhile; whatever else the step throws.
 */
export async function awaitDatabase<Result>(
  context: WorkerContext,
  hold: Hold,
  step: () => Promise<Result>,
): Promise<Result> {
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, maxPauseMs)) {
    try {
      return await step();
    } catch (error) {
      if (!isDatabaseAway(error)) throw error;
      context.log(`run ${hold.runId}: the database is away (${describeError(error)})`);
      assertHeld(hold);
      await pause(pauseMs, hold.signal);
      assertHeld(hold);
    }
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end);
  });
}
