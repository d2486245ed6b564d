import type { WorkerContext } from "./context";
import { type Repetition, repeat } from "./repeat";
import { settleRecovery } from "./settle-recovery";

const everyMs = 2_000;

/** Tells what became of the runs found at the start, until nothing is left to tell. */
export function repeatRecovery(context: WorkerContext): Repetition {
  let isOver = false;
  return repeat("recovery report", everyMs, context.log, async () => {
    if (!isOver) isOver = (await settleRecovery(context)) === 0;
  });
}
