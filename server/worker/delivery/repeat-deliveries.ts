import type { WorkerContext } from "../context";
import { type Repetition, repeat } from "../repeat";
import { deliverDue } from "./deliver-due";
import { followPullRequests } from "./follow-pull-requests";

const deliverMs = 5_000;
const requestsMs = 15_000;

/** Delivers what is asked of this host, for as long as the worker lives; a stop cuts a push off. */
export function repeatDeliveries(context: WorkerContext): Repetition {
  const ended = new AbortController();
  const delivering = repeat("deliveries", deliverMs, context.log, () =>
    deliverDue(context, ended.signal),
  );
  const following = repeat("following pull requests", requestsMs, context.log, () =>
    followPullRequests(context),
  );
  const stop = async () => {
    ended.abort();
    await Promise.all([delivering.stop(), following.stop()]);
  };
  return { ...delivering, stop };
}
