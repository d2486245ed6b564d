import type { Database } from "@/db/client";
import type { BrokenInvariant, JudgedHost } from "./invariants/broken-invariant";
import { checkDisk } from "./invariants/check-disk";
import { checkEvents } from "./invariants/check-events";
import { checkOutput } from "./invariants/check-output";
import { checkProcesses } from "./invariants/check-processes";
import { checkProgress } from "./invariants/check-progress";
import { checkRecorded } from "./invariants/check-recorded";
import { checkMirrors, checkTrees, type SeenTree } from "./invariants/kept-work";

export type { BrokenInvariant };

export interface CheckInvariants {
  db: Database;
  hosts: JudgedHost[];
  /** What lay in workspaces before something happened to them: then I1 is judged, too. */
  trees?: SeenTree[];
  /** How long a thing may be under way before it counts as stuck. Default 30; 0 judges the moment. */
  graceSeconds?: number;
}

/**
 * Judges a whole system by what must always hold: I2 to I7, I9, I11, I12 and, given trees, I1. Reads
 * rows, disk, git and processes and changes nothing; runs may go on meanwhile. Thorough, not quick:
 * it walks every mirror and reads all stored output of the hosts.
 */
export async function checkInvariants(input: CheckInvariants): Promise<BrokenInvariant[]> {
  const judged = { db: input.db, hosts: input.hosts, graceSeconds: input.graceSeconds ?? 30 };
  return [
    ...(await checkTrees(judged, input.trees ?? [])),
    ...(await checkProcesses(judged)),
    ...(await checkEvents(judged)),
    ...(await checkProgress(judged)),
    ...(await checkOutput(judged)),
    ...(await checkRecorded(judged)),
    ...(await checkMirrors(judged)),
    ...(await checkDisk(judged)),
  ];
}
