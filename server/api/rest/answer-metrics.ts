import type { Door } from "@/server/auth/door";
import { measureRuns } from "@/server/runs/measure-runs";
import { listWorkers } from "@/server/workers/list-workers";
import { createContext } from "../context";
import { requireRole } from "../require-role";
import { answerFailure } from "./answer-failure";

type Samples = [labels: string, value: number][];

/** Counts in Prometheus' text form. */
export async function answerMetrics(door: Door, request: Request): Promise<Response> {
  try {
    const context = await createContext(door, request);
    await requireRole(context, "viewer", "metrics");
    const [runs, workers] = await Promise.all([
      measureRuns(context.db, context.now),
      listWorkers(context.db, context.now),
    ]);
    const alive = workers.items.filter((worker) => worker.isAlive);
    const total = (read: (worker: (typeof alive)[number]) => number): Samples => [
      ["", alive.reduce((sum, worker) => sum + read(worker), 0)],
    ];
    const text = [
      metric("coppice_runs", "gauge", "Runs by status.", byStatus(runs.byStatus)),
      metric(
        "coppice_queue_wait_seconds",
        "gauge",
        "How long the oldest run that could begin waits.",
        [["", runs.oldestWaitSeconds]],
      ),
      metric("coppice_events_total", "counter", "Events of runs.", [["", runs.lastEventId]]),
      metric(
        "coppice_workers_alive",
        "gauge",
        "Workers that are alive.",
        total(() => 1),
      ),
      metric(
        "coppice_slots",
        "gauge",
        "Slots of workers that are alive.",
        total((w) => w.slots),
      ),
      metric(
        "coppice_slots_held",
        "gauge",
        "Slots in use.",
        total((w) => w.held),
      ),
    ].join("");
    const headers = { "content-type": "text/plain; version=0.0.4; charset=utf-8" };
    return new Response(text, { headers: { ...headers, "cache-control": "no-store" } });
  } catch (error) {
    return answerFailure(error);
  }
}

function byStatus(counts: Record<string, number>): Samples {
  return Object.entries(counts).map(([status, runs]) => [`{status="${status}"}`, runs]);
}

function metric(name: string, type: string, help: string, samples: Samples): string {
  const lines = samples.map(([labels, value]) => `${name}${labels} ${value}`);
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines, ""].join("\n");
}
