import { describeDatabaseError, isDatabaseAway } from "@/db/errors";
import { assertHeld, type Hold, type WorkerContext } from "./context";

const firstPauseMs = 100;
const maxPauseMs = 2_000;

/**
 * Does a database step, again and again while the database is away: not reaching PostgreSQL is not
 * losing the run. A commit's outcome may be unknown then: either the step is harmless to repeat, or it
 * knows of its repetition, or it throws, and `findDone` tells what it had brought about (null: nothing).
 * @throws HoldEnded when the hold ends meanwhile; whatever else the step throws.
 */
export async function awaitDatabase<Result>(
  context: WorkerContext,
  hold: Pick<Hold, "runId" | "signal">,
  step: (isRepeated: boolean) => Promise<Result>,
  findDone: () => Promise<Result | null> = async () => null,
): Promise<Result> {
  let isRepeated = false;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, maxPauseMs)) {
    try {
      return isRepeated ? await repeatStep(() => step(true), findDone) : await step(false);
    } catch (error) {
      if (!isDatabaseAway(error)) throw error;
      isRepeated = true;
      context.log(`run ${hold.runId}: the database is away (${describeDatabaseError(error)})`);
      assertHeld(hold);
      await pause(pauseMs, hold.signal);
      assertHeld(hold);
    }
  }
}

/** Asked only after the step has failed: by then a commit under way has ended, for it held the rows. */
async function repeatStep<Result>(
  step: () => Promise<Result>,
  findDone: () => Promise<Result | null>,
): Promise<Result> {
  try {
    return await step();
  } catch (error) {
    const done = isDatabaseAway(error) ? null : await findDone();
    if (done === null) throw error;
    return done;
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
