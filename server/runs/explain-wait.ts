import type { Database } from "@/db/client";
import type { runs } from "@/db/schema";
import type { WorkerId } from "@/server/domain/ids";
import { waitReasonLabels } from "@/server/domain/run";
import type { WorkerState } from "@/server/domain/worker";
import { readRelocation } from "@/server/workers/read-relocation";

interface BoundWorker {
  id: WorkerId;
  name: string;
  host: string;
  state: WorkerState;
}

/** Why a queued run has not begun, as one sentence; `bound` is the worker that has its workspace. */
export async function explainWait(
  db: Database,
  run: typeof runs.$inferSelect,
  bound: BoundWorker | null,
): Promise<string> {
  if (bound?.state === "lost") {
    const relocation = await readRelocation(db, run, bound.id);
    return relocation.canMove
      ? "Its host was declared lost; it is being given to another."
      : relocation.waitsFor;
  }
  if (bound) {
    const away = describeAway(bound);
    if (away) return away;
  }
  if (!run.waitReason) return "It waits for a free slot.";
  const label = waitReasonLabels[run.waitReason];
  return `It is ${label}.`;
}

function describeAway({ name, host, state }: BoundWorker): string | null {
  const who = `“${name}” on ${host}`;
  if (state === "stalled") return `It waits for the worker ${who}, which has not been heard of.`;
  if (state === "stopped") return `It waits for the worker ${who}, which was stopped.`;
  if (state === "draining" || state === "drained") {
    return `It waits for the worker ${who}, which is drained and takes no new run.`;
  }
  return null;
}
