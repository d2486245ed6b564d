import { followLeftovers } from "@/server/maintenance/follow-leftovers";
import { followWork } from "@/server/maintenance/follow-work";
import type { WorkerContext } from "./context";
import { openRedactorOf } from "./open-run-redactor";
import { type Repetition, repeat } from "./repeat";

const workMs = 5_000;
const leftoversMs = 60_000;

/** Follows where this host's work is, for as long as the worker lives; a stop waits for no network. */
export function repeatFollowing(context: WorkerContext): Repetition[] {
  const { db, home, worker, log } = context;
  const place = { db, home, workerId: worker.id };
  const ended = new AbortController();
  const following = repeat("following work", workMs, log, () =>
    followWork({
      ...place,
      redact: async (text, runId) => (await openRedactorOf(context, runId)).redactText(text),
      log,
      signal: ended.signal,
    }),
  );
  const stop = () => {
    ended.abort();
    return following.stop();
  };
  return [
    { ...following, stop },
    repeat("following leftovers", leftoversMs, log, () => followLeftovers(place)),
  ];
}
