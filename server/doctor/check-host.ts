import type { Difference, HostReport } from "@/server/domain/difference";
import {
  countSeverities,
  maxReportedDifferences,
  sortDifferences,
} from "@/server/domain/difference";
import { compareHost, type HostComparison } from "./compare-host";
import { gatherHostFacts } from "./gather-host-facts";
import type { DoctorHost } from "./host-facts";
import { storeReport } from "./store-report";

export interface CheckHost {
  /** Remote origins are other people's servers: asked when a person wants it, else once an hour. */
  asksOrigins?: "all" | "due";
  /** What changed less long ago is not judged; see `compareHost`. */
  settleSeconds?: number;
}

/**
 * Compares a host with the database and stores what it found as the worker's newest report. Only what
 * two looks in a row find is told: a rename between two reads would look like a loss.
 * @returns the report, with every difference there is and not only those that are stored.
 */
export async function checkHost(host: DoctorHost, options: CheckHost = {}): Promise<HostReport> {
  const startedMs = performance.now();
  const at = new Date();
  const { differences, isJudged, compared } = await lookTwice(host, options);
  const report: HostReport = {
    at,
    tookMs: Math.round(performance.now() - startedMs),
    isJudged,
    compared,
    counts: countSeverities(differences),
    differences: sortDifferences(differences),
  };
  await storeReport(host.db, host.worker.id, {
    ...report,
    differences: report.differences.slice(0, maxReportedDifferences),
  });
  return report;
}

async function lookTwice(host: DoctorHost, options: CheckHost): Promise<HostComparison> {
  const first = await lookAtHost(host, options);
  if (first.differences.length === 0) return first;
  const second = await lookAtHost(host, { ...options, asksOrigins: "due" });
  const seen = new Set(first.differences.map(({ key }) => key));
  const confirmed: Difference[] = second.differences.filter(({ key }) => seen.has(key));
  return { ...second, differences: confirmed };
}

/** One look; nothing is stored. */
async function lookAtHost(host: DoctorHost, options: CheckHost): Promise<HostComparison> {
  const { asksOrigins = "due", settleSeconds } = options;
  const { facts, rows } = await gatherHostFacts(host, { asksOrigins });
  return compareHost(facts, rows, settleSeconds);
}
