import { asc, eq } from "drizzle-orm";
import type { Database } from "@/db/client";
import { doctorReports, workers } from "@/db/schema";
import {
  countSeverities,
  type DoctorReport,
  type ReportedDifference,
  type SeverityCounts,
  sortDifferences,
} from "@/server/domain/difference";
import { isWorkerAlive } from "@/server/workers/find-live-workers";
import { compareQueue } from "./compare-queue";
import { type QueueFacts, readQueueFacts } from "./read-queue-facts";

/**
 * Every host's newest report, and what the database itself shows at this moment. `problems` tells why a
 * host that was just asked has no newer one.
 */
export async function getDoctorReport(
  db: Database,
  now: Date,
  problems: ReadonlyMap<string, string> = new Map(),
): Promise<DoctorReport> {
  const facts = await readQueueFacts(db);
  const rows = await db
    .select({ worker: workers, report: doctorReports })
    .from(workers)
    .leftJoin(doctorReports, eq(doctorReports.workerId, workers.id))
    .orderBy(asc(workers.name));
  const ofQueue = compareQueue(facts).map((difference) => ({
    ...difference,
    worker: null,
    since: null,
  }));
  const ofHosts: ReportedDifference[] = rows.flatMap(({ worker, report }) =>
    (report?.differences ?? []).map(({ since, ...difference }) => ({
      ...difference,
      worker: worker.name,
      since: new Date(since),
    })),
  );
  const times = rows.flatMap(({ report }) => report?.at ?? []);
  return {
    checkedAt: times.sort((one, other) => one.getTime() - other.getTime())[0] ?? null,
    hosts: rows.map(({ worker, report }) => ({
      workerId: worker.id,
      worker: worker.name,
      host: worker.host,
      isAlive: isWorkerAlive(worker, now),
      at: report?.at ?? null,
      tookMs: report?.tookMs ?? null,
      isJudged: report?.isJudged ?? false,
      compared: report?.compared ?? [],
      problem: problems.get(worker.id) ?? null,
    })),
    compared: describeCompared(facts),
    counts: rows.reduce(
      (sum, { report }) => addCounts(sum, report?.counts),
      countSeverities(ofQueue),
    ),
    differences: sortDifferences([...ofQueue, ...ofHosts]),
  };
}

function addCounts(sum: SeverityCounts, more: SeverityCounts | undefined): SeverityCounts {
  return {
    critical: sum.critical + (more?.critical ?? 0),
    warning: sum.warning + (more?.warning ?? 0),
    note: sum.note + (more?.note ?? 0),
  };
}

function describeCompared({ runs, jobs, workers: known }: QueueFacts) {
  return [
    { what: "runs that have not ended", count: runs.filter(({ endedAt }) => !endedAt).length },
    { what: "jobs", count: jobs.length },
    { what: "workers", count: known.length },
  ];
}
