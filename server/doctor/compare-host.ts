import { settleSeconds } from "@/server/differences/compare-queue";
import type { HostRows } from "@/server/differences/read-host-rows";
import {
  type Compared,
  type Difference,
  describeDifference,
  maxClockDifferenceSeconds,
} from "@/server/domain/difference";
import { compareFolders } from "./compare-folders";
import { compareMirrors } from "./compare-mirrors";
import { compareProcesses } from "./compare-processes";
import type { HostFacts } from "./host-facts";

export interface HostComparison {
  /** False: the home is missing or foreign; what else is on the host is then unknown. */
  isJudged: boolean;
  differences: Difference[];
  compared: Compared;
}

/** How many times longer than a change of status a checkout may take to be made. */
const makingFactor = 120;

/**
 * Everything in which a host and the rows about it disagree. Pure: the facts were read before the
 * rows, and what changed after `lookedAt - settle` is not judged, so that a living system accuses
 * nobody.
 */
export function compareHost(
  facts: HostFacts,
  rows: HostRows,
  settle = settleSeconds,
): HostComparison {
  const distrust = findDistrust(facts, rows);
  if (distrust) return { isJudged: false, differences: [distrust], compared: [] };
  const at = facts.lookedAt.getTime();
  const before = new Date(at - settle * 1000);
  const madeBefore = new Date(at - settle * makingFactor * 1000);
  return {
    isJudged: true,
    differences: [
      ...compareProcesses(facts, rows, before),
      ...compareFolders(facts, rows, before, madeBefore),
      ...compareMirrors(facts, rows, before),
      ...compareClocks(facts),
    ],
    compared: [
      { what: "workspace folders", count: facts.folders.workspaces.length },
      { what: "spare folders", count: facts.folders.spares.length },
      { what: "control folders", count: facts.controls.length },
      { what: "living processes", count: facts.processes.length },
      { what: "mirrors", count: facts.mirrors.filter(({ isThere }) => isThere).length },
      { what: "recorded commits", count: new Set(facts.recorded.map(({ sha }) => sha)).size },
      {
        what: "refs",
        count: facts.mirrors.reduce((sum, { workRefs }) => sum + workRefs.length, 0),
      },
      { what: "origins", count: facts.origins.length },
    ],
  };
}

/** A home that is not what the rows speak of. Nothing found in it may then be called missing or wrong. */
function findDistrust(facts: HostFacts, rows: HostRows): Difference | null {
  const { root, home, workerId } = facts;
  const evidence = {
    home,
    "installation on disk": root.installationId,
    "installation in the database": rows.installationId,
  };
  const notMarked = (title: string, more: Record<string, string | number> = {}) =>
    describeDifference({
      kind: "home_not_marked",
      of: home,
      workerId,
      title,
      subject: { path: home },
      evidence: { ...evidence, ...more },
    });
  if (!root.isThere) return notMarked("The home of this host is not there.");
  if (root.installationId === null) {
    return notMarked("The home of this host has no installation mark.");
  }
  if (root.installationId !== rows.installationId) {
    return describeDifference({
      kind: "other_installation",
      of: home,
      workerId,
      title: "The database and the home of this host belong to different installations.",
      subject: { path: home },
      evidence,
    });
  }
  const ready = rows.workspaces.filter(
    (row) => row.state === "ready" && row.workerId === workerId && row.path?.startsWith(home),
  ).length;
  if (ready > 0 && !root.hasWorkspaces) {
    return notMarked("The folder of the workspaces is missing or empty.", {
      "workspaces that should be in it": ready,
    });
  }
  if (facts.recorded.length > 0 && !root.hasMirrors) {
    return notMarked("The folder of the mirrors is missing.", {
      "recorded commits that should be in it": facts.recorded.length,
    });
  }
  return null;
}

function compareClocks({ clockAheadMs, clockErrorMs, workerId }: HostFacts): Difference[] {
  const seconds = (Math.abs(clockAheadMs) - clockErrorMs) / 1000;
  if (seconds <= maxClockDifferenceSeconds) return [];
  const direction = clockAheadMs > 0 ? "ahead of" : "behind";
  const apart = `${Math.round(Math.abs(clockAheadMs) / 1000)} s`;
  return [
    describeDifference({
      kind: "clock_differs",
      of: workerId,
      workerId,
      title: `The clock of this host is ${apart} ${direction} the database's.`,
      subject: {},
      evidence: {
        apart,
        "known to within": `${(clockErrorMs / 1000).toFixed(3)} s`,
      },
    }),
  ];
}
