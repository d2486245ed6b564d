import type { Database } from "@/db/client";
import type { WorkerId } from "@/server/domain/ids";

/** Something that must always hold, and does not. The numbers are those of the design's list. */
export interface BrokenInvariant {
  invariant: `I${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12}`;
  /** A run as `#7`, or whatever else it is about. */
  subject: string;
  what: string;
}

/** A home whose folders, mirrors and processes are judged, and the worker it belongs to. */
export interface JudgedHost {
  home: string;
  workerId: WorkerId;
}

export interface Judged {
  db: Database;
  hosts: JudgedHost[];
  /** What may be under way for this long is no breach yet. */
  graceSeconds: number;
}

export const broken = (
  invariant: BrokenInvariant["invariant"],
  subject: string,
  what: string,
): BrokenInvariant => ({ invariant, subject, what });
