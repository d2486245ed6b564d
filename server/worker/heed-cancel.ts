import { describeError } from "@/server/domain/errors";
import { CancelAsked, isCancelAsked } from "./cancel-asked";
import type { Hold, WorkerContext } from "./context";

const lookMs = 2_000;

/** A hold for steps that may take long and have nothing to lose: cancel cuts them short. */
export interface HeededHold {
  hold: Hold;
  /** What a step's error means: a cut that cancel made is `CancelAsked`. */
  explain(error: unknown): unknown;
  /** From here on cancel is heeded by others. */
  end(): void;
}

/** Lets the hold's signal fire as well when an operator cancels the run. */
export function heedCancel(context: WorkerContext, hold: Hold): HeededHold {
  const cancel = new AbortController();
  let isOver = false;
  const look = () => {
    if (isOver || cancel.signal.aborted) return;
    isCancelAsked(context, hold).then(
      (isAsked) => {
        if (isAsked && !isOver) cancel.abort(new CancelAsked());
      },
      // A lost claim or a database that is away is met, and answered, by the step itself.
      (error: unknown) => context.log(`run ${hold.runId}: ${describeError(error)}`),
    );
  };
  hold.onControl(look);
  const timer = setInterval(look, lookMs);
  const signal = AbortSignal.any([hold.signal, cancel.signal]);
  return {
    hold: { ...hold, signal },
    explain: (error) => {
      const wasCut = !isOver && cancel.signal.aborted && !hold.signal.aborted;
      return wasCut ? cancel.signal.reason : error;
    },
    end: () => {
      isOver = true;
      clearInterval(timer);
    },
  };
}
